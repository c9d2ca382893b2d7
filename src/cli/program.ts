import { Command } from 'commander';
import { packageVersion } from '../core/package-version.js';
import { addAddCommand } from './commands/add.js';
import { addCalibrateCommand } from './commands/calibrate.js';
import { addCompactCommand } from './commands/compact.js';
import { addDataCommands } from './commands/data.js';
import { addDemoCommand } from './commands/demo.js';
import { addDupesCommand } from './commands/dupes.js';
import { addEmbedCommand } from './commands/embed.js';
import { addEvalCommand } from './commands/eval.js';
import { addExportCommand } from './commands/export.js';
import { addImportCommand } from './commands/import.js';
import { addMapCommand } from './commands/map.js';
import { addModelsCommands } from './commands/models.js';
import { addReindexCommand } from './commands/reindex.js';
import { addRemoveCommand } from './commands/remove.js';
import { addRunsCommands } from './commands/runs.js';
import { addSearchCommand } from './commands/search.js';
import { addServeCommand } from './commands/serve.js';
import { addStatusCommand } from './commands/status.js';
import { addTrainCommand } from './commands/train.js';
import { addVerifyCommand } from './commands/verify.js';
import type { Perform } from './session.js';
import { usageError } from './usage-error.js';

const about = `Trains, tests, keeps and searches images by likeness.

Give it images with labels, it learns what makes them alike; give it another image, it finds its kin.
New here? "imagekin demo" walks through all of it in a few minutes and leaves a page with pictures.`;

const more = `
A <source> is
  cifar10     60,000 small photographs of ten classes, downloaded on first use
  emoji       1,594 emoji as four artists drew them, which came with imagekin
  <folder>    a directory with one folder of images per class; or with the IDX
              files of MNIST
  <manifest>  .csv, .tsv or .jsonl with a column path; label, split, id, group
  <archive>   .zip or .tar, read where it lies
  <pattern>   as 'photos/**/*.jpg', labelled by the folders behind its base
  -           paths on stdin, a line each or ended by NULs; without labels
Each may be narrowed to a part: cifar10:test, emoji:train, ./shoes:val, :all; or
to one half of its classes: ./shoes:train-classes, ./shoes:unseen-classes.

A <model> is a model file, the name of one that "imagekin models pull" has
brought (dinov2-small), or any other ONNX model, with flags that say how.

A <collection> is a folder that "imagekin add" makes: what is known of images,
their vectors, the model, and an index. The images stay where they are.

Results go to stdout, everything else to stderr.
Exit codes:
  0    done
  1    failed
  2    wrong usage
  3    done, but some files could not be used; they are listed
  130  stopped by Ctrl-C; "train --resume", and the same command again of demo,
       embed, add, reindex, import and compact, go on where they were

Environment:
  IMAGEKIN_HOME     where downloads and caches live (default: in ~/.cache or
                    what this system has in its place)
  IMAGEKIN_TOKEN    what whoever asks "imagekin serve" must know
  IMAGEKIN_DATA     where CIFAR-10 lies already
  IMAGEKIN_DEBUG=1  shows where an error came from`;

/** The whole command line. Commands load what they run only when they run, so that help is there at once. */
export function buildProgram(perform: Perform): Command {
  const program = new Command('imagekin')
    .description(about)
    .version(packageVersion, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .helpCommand('help [command]', 'print help for a command')
    .addHelpText('after', more);
  addDemoCommand(program, perform);
  addDataCommands(program, perform);
  addTrainCommand(program, perform);
  addEvalCommand(program, perform);
  addCalibrateCommand(program, perform);
  addEmbedCommand(program, perform);
  addAddCommand(program, perform);
  addRemoveCommand(program, perform);
  addSearchCommand(program, perform);
  addMapCommand(program, perform);
  addServeCommand(program, perform);
  addDupesCommand(program, perform);
  addStatusCommand(program, perform);
  addVerifyCommand(program, perform);
  addCompactCommand(program, perform);
  addReindexCommand(program, perform);
  addExportCommand(program, perform);
  addImportCommand(program, perform);
  addModelsCommands(program, perform);
  addRunsCommands(program, perform);
  reportInOurForm(program);
  return program;
}

/** Wrong command lines become errors of ours; commander itself writes only help. */
function reportInOurForm(command: Command): void {
  command
    .configureHelp({ subcommandTerm: termOf })
    .configureOutput({ outputError: () => {} })
    .exitOverride((error) => {
      const isHelp = error.exitCode === 0 || error.code === 'commander.help';
      throw isHelp ? error : usageError(error, command);
    });
  for (const child of command.commands) reportInOurForm(child);
}

/** That every command has options goes without saying, and the summaries need the room. */
function termOf(command: Command): string {
  return [command.name(), command.usage().replace(/\[(options|command)\] ?/g, '')].join(' ').trim();
}
