import { type Command, Option } from 'commander';
import type { DuplicatesResult } from '../../app/collection/duplicates-result.js';
import type { DuplicateKind } from '../../app/collection/find-duplicates.js';
import type { UndoDuplicatesResult } from '../../app/collection/undo-duplicates.js';
import { runInWorker } from '../../app/worker/run-in-worker.js';
import { ImagekinError } from '../../core/errors.js';
import { printable } from '../../core/printable.js';
import { addOutputOptions } from '../common-options.js';
import { wholeNumber } from '../number-options.js';
import { formatBytes, formatCount, formatCounted } from '../quantities.js';
import type { CommonFlags, Outcome, Perform, Session } from '../session.js';
import { textTable } from '../text-table.js';
import { programCall, typedCommand } from '../typed-command.js';

interface DupesFlags extends CommonFlags {
  readonly kind?: DuplicateKind;
  readonly nearDistance?: number;
  readonly html?: string;
  readonly moveTo?: string;
  readonly undo?: string;
  readonly threads?: number;
}

const more = `
Exact copies have the same bytes; near ones show the same picture in another
size, quality, format or crop. Of each group the best is kept: that of the most
pixels, then the largest file, then the oldest, then that of the shortest path.

Nothing is moved unless --move-to says so. Moved files keep their order of
folders, none is ever overwritten, and an undo file in that folder says where
each one was, before it is moved. Files in archives stay where they are.

Examples:
  imagekin dupes photos.kin
  imagekin dupes photos.kin --html duplicates.html
  imagekin dupes photos.kin --kind exact --move-to ./duplicates
  imagekin dupes --undo ./duplicates/undo-2026-01-31T12-00-00-000Z.jsonl`;

export function addDupesCommand(program: Command, perform: Perform): void {
  const command = program
    .command('dupes')
    .summary('find the copies in a collection, and move them away')
    .description('Finds images of a collection that are copies of one another.')
    .argument('[collection]', 'a collection; not with --undo')
    .addOption(
      new Option('--kind <kind>', 'what to look for (default: all)').choices(['exact', 'near', 'all']),
    )
    .option(
      '--near-distance <bits>',
      'bits of 64 by which the hashes of near duplicates may differ (default: 15)',
      wholeNumber('--near-distance', { least: 0, most: 19 }),
    )
    .option('--html <file>', 'write a page with the pictures of each group')
    .option('--move-to <folder>', 'move all but the best of each group there, with an undo file')
    .option('--undo <file>', 'put back what --move-to has moved, by its undo file')
    .option(
      '--threads <n>',
      'cores to use (default: all)',
      wholeNumber('--threads', { least: 1, most: 256 }),
    );
  addOutputOptions(command)
    .addHelpText('after', more)
    .action((collection: string | undefined, flags: DupesFlags) =>
      perform(flags, (session) =>
        flags.undo === undefined
          ? find(collection, flags, session)
          : undo(flags.undo, collection, flags, session),
      ),
    );
}

async function find(collection: string | undefined, flags: DupesFlags, session: Session): Promise<Outcome> {
  if (collection === undefined)
    throw new ImagekinError('wrong-usage', {
      where: 'imagekin dupes',
      expected: '<collection>, or --undo <file>',
      got: 'neither',
      fix: 'name a collection: imagekin dupes photos.kin',
    });
  const { kind, nearDistance, html, moveTo, threads } = flags;
  const result = await runInWorker('listDuplicates', {
    collection,
    kind,
    nearDistance,
    html,
    moveTo,
    threads,
    command: typedCommand(session.args),
    onUndoFile: (path) => session.note(`undo file: ${printable(path)}`),
    onProgress: session.onProgress,
    signal: session.signal,
  });
  return {
    document: result,
    text: groupsTable(result),
    skipped: result.skipped.map(({ path, reason }) => ({ path: printable(path), reason: printable(reason) })),
    hints: hintsFor(result),
  };
}

/** A line for each file, so that a line says everything when it is cut out by grep. */
function groupsTable({ groups }: DuplicatesResult): string {
  if (groups.length === 0) return '';
  return textTable(
    [
      { title: 'group', align: 'right' },
      { title: 'copy' },
      { title: 'pixels', align: 'right' },
      { title: 'size', align: 'right' },
      { title: 'image' },
    ],
    groups.flatMap(({ files }, group) =>
      files.map(({ role, width, height, bytes, path }) => [
        String(group + 1),
        role,
        width === null || height === null ? '–' : `${width}×${height}`,
        bytes === null ? '–' : formatBytes(bytes),
        printable(path),
      ]),
    ),
  );
}

function hintsFor({
  groups,
  images,
  duplicates,
  duplicateBytes,
  withoutPrint,
  page,
  moved,
}: DuplicatesResult) {
  const hints = [
    groups.length === 0
      ? `no duplicates among ${formatCounted(images, 'image')}`
      : `${formatCounted(groups.length, 'group')} among ${formatCounted(images, 'image')}: ${formatCounted(duplicates, 'image')} more than needed, ${formatBytes(duplicateBytes)}`,
  ];
  if (withoutPrint > 0)
    hints.push(
      `${formatCounted(withoutPrint, 'image was', 'images were')} compared by bytes alone: the collection has no print of them`,
    );
  if (page !== null) hints.push(`wrote ${page}`);
  if (moved?.undoFile && moved.files.length > 0) {
    const bytes = moved.files.reduce((sum, file) => sum + file.bytes, 0);
    hints.push(
      `moved ${formatCounted(moved.files.length, 'file')}, ${formatBytes(bytes)}, to ${moved.to}; put them back with: ${typedCommand(['dupes', '--undo', moved.undoFile], programCall())}`,
    );
  }
  return hints;
}

async function undo(
  undoFile: string,
  collection: string | undefined,
  flags: DupesFlags,
  session: Session,
): Promise<Outcome> {
  const others = Object.entries({ '--move-to': flags.moveTo, '--html': flags.html, '--kind': flags.kind });
  const given = others.find(([, value]) => value !== undefined)?.[0] ?? (collection && `"${collection}"`);
  if (given !== undefined)
    throw new ImagekinError('wrong-usage', {
      where: '--undo',
      expected: 'nothing but the undo file, which names its collection',
      got: `${given} as well`,
      fix: `run: imagekin dupes --undo ${undoFile}`,
    });
  const result = await runInWorker('undoDuplicates', {
    undoFile,
    onProgress: session.onProgress,
    signal: session.signal,
  });
  return {
    document: result,
    text: undoText(result),
    skipped: result.skipped.map(({ path, reason }) => ({ path: printable(path), reason: printable(reason) })),
    hints:
      result.foundAgain === null
        ? [`there is no collection at ${result.collection} any more; the files are where they were`]
        : [],
  };
}

function undoText({ files, putBack, skipped }: UndoDuplicatesResult): string {
  const there = files - putBack - skipped.length;
  return `put back ${formatCount(putBack)} of ${formatCounted(files, 'file')}${there > 0 ? `; ${formatCount(there)} were where they belong` : ''}\n`;
}
