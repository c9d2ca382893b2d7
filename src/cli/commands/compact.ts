import type { Command } from 'commander';
import type { CompactResult } from '../../app/collection/compact-collection.js';
import { runInWorker } from '../../app/worker/run-in-worker.js';
import { addOutputOptions } from '../common-options.js';
import { exitCodes } from '../exit-codes.js';
import { formatBytes, formatCounted, formatDuration } from '../quantities.js';
import type { CommonFlags, Outcome, Perform, Session } from '../session.js';
import { textFacts } from '../text-table.js';

interface CompactFlags extends CommonFlags {
  readonly missing?: boolean;
}

const more = `
Removed are vectors and files of models that are not searched any more, small
pictures of images that are not there, and what killed processes have left; the
catalog is then written anew without gaps, for which the disk must have as much
room as it takes. Others may search meanwhile; who writes waits. It may be
stopped or killed at any moment.

With --missing, images whose files are gone are removed for good: should the
files come back, they are new images.

Examples:
  imagekin compact photos.kin
  imagekin compact photos.kin --missing`;

export function addCompactCommand(program: Command, perform: Perform): void {
  const command = program
    .command('compact')
    .summary('give room back that a collection does not need')
    .description('Removes what a collection does not need any more, and gives the room back to the disk.')
    .argument('<collection>', 'a folder that imagekin add or import has made')
    .option('--missing', 'remove images whose files are gone');
  addOutputOptions(command)
    .addHelpText('after', more)
    .action((collection: string, flags: CompactFlags) =>
      perform(flags, (session) => compact(collection, flags, session)),
    );
}

async function compact(
  collection: string,
  { missing }: CompactFlags,
  { onProgress, signal }: Session,
): Promise<Outcome> {
  const result = await runInWorker('compactCollection', { collection, missing, onProgress, signal });
  return {
    document: result,
    text: textFacts([
      ['size', `${formatBytes(result.bytesBefore)} before, ${formatBytes(result.bytesAfter)} after`],
      ['removed', removedText(result)],
      ...(result.logEmptied || !result.finished
        ? []
        : [['log', 'not emptied, as another process reads; it will be once that has ended'] as const]),
      ['time', formatDuration(result.seconds)],
    ]),
    ...(!result.finished && {
      hints: ['stopped; the same command again does the rest'],
      exitCode: exitCodes.interrupted,
    }),
  };
}

function removedText({ removed }: CompactResult): string {
  const parts = [
    [removed.missingImages, 'missing image'],
    [removed.vectors, 'old vector'],
    [removed.models, 'old model'],
    [removed.previews, 'small picture'],
    [removed.leftovers, 'leftover file'],
  ] as const;
  const some = parts.filter(([count]) => count > 0).map(([count, what]) => formatCounted(count, what));
  return some.length === 0 ? 'nothing' : some.join(', ');
}
