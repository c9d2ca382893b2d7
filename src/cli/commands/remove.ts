import type { Command } from 'commander';
import type { RemoveResult } from '../../app/collection/remove-images.js';
import { runInWorker } from '../../app/worker/run-in-worker.js';
import { addOutputOptions, collected } from '../common-options.js';
import { exitCodes } from '../exit-codes.js';
import { formatCount, formatCounted } from '../quantities.js';
import type { CommonFlags, Outcome, Perform, Session } from '../session.js';
import { textTable } from '../text-table.js';

interface RemoveFlags extends CommonFlags {
  readonly filter?: readonly string[];
  readonly missing?: boolean;
  readonly source?: string;
  readonly dryRun?: boolean;
}

const more = `
Images are removed from the collection with their vectors and small pictures;
the files stay where they are. An image whose file still lies in a source comes
back, with another id, when that source is added again: move the file elsewhere,
or leave it out of the manifest.

Flags narrow down: --missing --filter 'label = cat' removes the missing cats.
Filters are those of "imagekin search".

Examples:
  imagekin remove photos.kin id:12 photos/blurred.jpg
  imagekin remove photos.kin photos/2019 --dry-run
  imagekin remove photos.kin --missing`;

export function addRemoveCommand(program: Command, perform: Perform): void {
  const command = program
    .command('remove')
    .summary('take images out of a collection')
    .description('Removes images from a collection. Their files stay.')
    .argument('<collection>', 'its folder')
    .argument('[image...]', 'ids (id:12), paths of files, or folders that they lie in')
    .option(
      '-f, --filter <condition>',
      "those of which it holds, as 'label = cat'; all of several",
      collected,
    )
    .option('--missing', 'those whose files are gone')
    .option('--source <source>', 'those that this source has brought, as it was given to add')
    .option('--dry-run', 'only list them');
  addOutputOptions(command)
    .addHelpText('after', more)
    .action((collection: string, images: string[], flags: RemoveFlags) =>
      perform(flags, (session) => remove(collection, images, flags, session)),
    );
}

async function remove(
  collection: string,
  images: readonly string[],
  { filter, missing, source, dryRun }: RemoveFlags,
  { signal }: Session,
): Promise<Outcome> {
  const result = await runInWorker('removeImages', {
    collection,
    images,
    where: filter,
    missing,
    source,
    dryRun,
    signal,
  });
  return {
    document: result,
    text: textOf(result),
    ...(result.finished
      ? {}
      : { hints: ['stopped; the same command goes on there'], exitCode: exitCodes.interrupted }),
  };
}

const mostRows = 50;

function textOf({ removed, dryRun, images }: RemoveResult): string {
  const shown = removed.slice(0, mostRows);
  const table =
    shown.length === 0
      ? ''
      : textTable(
          [{ title: 'id', align: 'right' }, { title: 'label' }, { title: 'image' }],
          shown.map(({ id, label, path }) => [String(id), label ?? '', path]),
        );
  const rest =
    removed.length > shown.length ? `… and ${formatCount(removed.length - shown.length)} more\n` : '';
  const what = formatCounted(removed.length, 'image');
  const sum = dryRun ? `${what} would be removed` : `${what} removed`;
  return `${table}${rest}${sum}, ${formatCount(images)} in the collection\n`;
}
