import type { Command } from 'commander';
import type { AddCounts, AddResult } from '../../app/collection/add/add-options.js';
import type { WatchOptions } from '../../app/collection/add/watch-images.js';
import { runInWorker } from '../../app/worker/run-in-worker.js';
import { addBackboneOptions } from '../backbone-options.js';
import { addEngineOptions, addOutputOptions, addSourceOptions } from '../common-options.js';
import { type EmbeddingFlags, embeddingOptionsOf } from '../embedding-options.js';
import { modelText } from '../model-text.js';
import { wholeNumber } from '../number-options.js';
import { formatCount, formatCounted, formatDuration } from '../quantities.js';
import type { Outcome, Perform, Session } from '../session.js';
import { stoppedRun } from '../stopped-run.js';
import { textFacts } from '../text-table.js';

interface AddFlags extends EmbeddingFlags {
  readonly model?: string;
  readonly prune?: boolean;
  readonly retryFailed?: boolean;
  readonly watch?: boolean;
  readonly settle?: number;
}

const more = `
A collection is a folder: what is known of the images, their vectors, small
pictures of them, and a copy of the model. The images stay where they are.

Run it again whenever files have changed. Files of the same size and date are
not read; renamed and moved ones are recognised by their bytes and keep their
ids; those that are gone are marked, and in no search, until they are back. A
disk that is not plugged in empties nothing. After Ctrl-C or a crash the same
command goes on where it was. It may run while others search or add.

Examples:
  imagekin add photos.kin ./photos --model dinov2-small
  imagekin add photos.kin ./photos
  imagekin add photos.kin more.zip labels.csv --prune
  imagekin add photos.kin ./photos --watch`;

export function addAddCommand(program: Command, perform: Perform): void {
  const command = program
    .command('add')
    .summary('keep images in a collection')
    .description('Adds images to a collection, and brings it up to date with files that have changed.')
    .argument('<collection>', 'its folder, made where there is none: photos.kin')
    .argument('<source...>', 'folders, archives, manifests, patterns, image files, or - for a list of paths')
    .option(
      '-m, --model <model>',
      'a model file, another ONNX file, or the name of a pulled model; needed the first time',
    )
    .option('--prune', 'remove images whose files are gone, rather than mark them')
    .option('--retry-failed', 'try files again that could not be used and have not changed since')
    .option('--watch', 'then keep the collection as the folders are, until Ctrl-C')
    .option(
      '--settle <ms>',
      'with --watch: how long a file must stay as it is before it is looked at (default: 2000)',
      wholeNumber('--settle', { least: 0, most: 3_600_000 }),
    );
  addEngineOptions(addSourceOptions(command));
  addOutputOptions(addBackboneOptions(command))
    .addHelpText('after', more)
    .action((collection: string, sources: string[], flags: AddFlags) =>
      perform(flags, (session) => add(collection, sources, flags, session)),
    );
}

async function add(
  collection: string,
  sources: readonly string[],
  flags: AddFlags,
  session: Session,
): Promise<Outcome> {
  const { model, prune, retryFailed } = flags;
  const options = {
    collection,
    sources,
    model,
    prune,
    retryFailed,
    ...embeddingOptionsOf(flags, session),
  };
  if (flags.watch) return watch(options, flags, session);
  const result = await runInWorker('add', options);
  if (!result.finished) return stoppedRun(result, session, []);
  return { document: result, text: textFacts(factsOf(result)), skipped: result.skipped };
}

async function watch(
  options: Omit<WatchOptions, 'onChange'>,
  { settle, json }: AddFlags,
  session: Session,
): Promise<Outcome> {
  let isWatching = false;
  const result = await runInWorker('watch', {
    ...options,
    settleMs: settle,
    onChange(change) {
      const { at, images, skipped } = change;
      const sum = `${changesOf(change)}; ${formatCounted(images, 'image')}`;
      session.print(json ? JSON.stringify(change) : `${new Date(at).toLocaleTimeString('sv')}  ${sum}`);
      if (!json) for (const { path, reason } of skipped) session.note(`skipped ${path}: ${reason}`);
      if (!isWatching) session.note('watching for changes; Ctrl-C ends it');
      isWatching = true;
    },
  });
  if (!result.finished) return { ...stoppedRun(result, session, []), isPrinted: true };
  // What could not be used has been told of when it came up.
  return { document: result, text: '', isPrinted: true };
}

function factsOf(result: AddResult): (readonly [string, string])[] {
  return [
    ['collection', `${result.collection}: ${formatCounted(result.images, 'image')}`],
    ['this run', changesOf(result)],
    ['model', modelText(result)],
    ['time', formatDuration(result.seconds)],
  ];
}

/** `12 added, 3 moved, 1,024 unchanged` */
function changesOf(result: AddCounts): string {
  const names = [
    'added',
    'changed',
    'moved',
    'copied',
    'unchanged',
    'returned',
    'missing',
    'pruned',
    'failed',
  ];
  const parts = (names as (keyof AddCounts)[])
    .filter((name) => result[name] > 0)
    .map((name) => `${formatCount(result[name])} ${name}`);
  return parts.length > 0 ? parts.join(', ') : 'no images';
}
