import type { Command } from 'commander';
import type { DataCheck } from '../../app/data-check/findings.js';
import { runInWorker } from '../../app/worker/run-in-worker.js';
import { addBackboneOptions } from '../backbone-options.js';
import { addEngineOptions, addOutputOptions, addSourceOptions } from '../common-options.js';
import { dataCheckText } from '../data-check-text.js';
import { type EmbeddingFlags, embeddingOptionsOf } from '../embedding-options.js';
import { exitCodes } from '../exit-codes.js';
import { wholeNumber } from '../number-options.js';
import type { Outcome, Perform, Session } from '../session.js';
import { typedCommand } from '../typed-command.js';

interface CheckFlags extends EmbeddingFlags {
  readonly model?: string;
  readonly minImages?: number;
  readonly nearDistance?: number;
  readonly k?: number;
  readonly report?: string;
  readonly fix?: string;
  readonly strict?: boolean;
}

const more = `
Looks at every image once: files that do not decode or are empty, files of the
same bytes, images that show the same picture in another size, quality or crop,
both of these across splits, and classes with too few images. With a model, also
labels that the nearest neighbours disagree with, and images like no other.

Your files are only read. --fix writes a CSV file that lists what is worth
keeping. Exit code 3 where files do not decode; with --strict 1 where anything
at all is found.

Examples:
  imagekin data check ./shoes
  imagekin data check ./shoes --model shoes.onnx --report check
  imagekin data check ./shoes --fix cleaned.csv
  imagekin data check ./shoes --strict --json > findings.json`;

export function addDataCheckCommand(data: Command, perform: Perform): void {
  const command = data
    .command('check')
    .summary('find broken files, duplicates, leaks and wrong labels')
    .description('Looks for what is wrong with a set of images, and changes none of them.')
    .argument('<source>', 'a folder with one folder of images per class, or with images')
    .option('--model <file>', 'judge labels and outliers in the embedding of this model')
    .option('--report <dir>', 'write a page with pictures of what was found')
    .option('--fix <file>', 'write a manifest (CSV) without broken files, duplicates and leaks')
    .option('--strict', 'exit code 1 where anything is found')
    .option(
      '--min-images <n>',
      'report classes of fewer images (default: 2)',
      wholeNumber('--min-images', { least: 1 }),
    )
    .option(
      '--near-distance <bits>',
      'bits of 64 by which the hashes of near duplicates may differ (default: 15)',
      wholeNumber('--near-distance', { least: 0, most: 19 }),
    )
    .option(
      '--k <n>',
      'neighbours that vote on a label, and that an outlier is far from (default: 10)',
      wholeNumber('--k', { least: 3, most: 1000 }),
    );
  addBackboneOptions(addEngineOptions(addSourceOptions(command)));
  addOutputOptions(command)
    .addHelpText('after', more)
    .action((source: string, flags: CheckFlags) =>
      perform(flags, (session) => check(source, flags, session)),
    );
}

async function check(source: string, flags: CheckFlags, session: Session): Promise<Outcome> {
  const { minImages, nearDistance, k } = flags;
  const result = await runInWorker('checkData', {
    source,
    model: flags.model,
    limits: { minImages, nearDistance, k },
    report: flags.report,
    fix: flags.fix,
    command: typedCommand(session.args),
    ...embeddingOptionsOf(flags, session),
  });
  const { findingCount } = await import('../../app/data-check/findings.js');
  const { printable } = await import('../../core/printable.js');
  const failed = flags.strict && findingCount(result) > 0;
  return {
    document: result,
    text: await dataCheckText(result),
    skipped: [...result.corrupt, ...result.empty].map(({ path, reason }) => ({
      path: printable(path),
      reason: printable(reason),
    })),
    hints: hintsFor(result),
    ...(failed ? { exitCode: exitCodes.failed } : {}),
  };
}

function hintsFor({ model, suspectedLabels }: DataCheck): string[] {
  if (model === null)
    return ['wrong labels and outliers are looked for with --model; "imagekin models list" names some'];
  return suspectedLabels === null ? ['labels were not judged: that takes images of two classes'] : [];
}
