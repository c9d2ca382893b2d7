import { lstat } from 'node:fs/promises';
import type { TrashList } from '../../../api/index.js';
import { mapConcurrently } from '../../../data/concurrency.js';
import type { ServiceMethod } from '../context.js';
import { type TrashBatch, trashBatches, trashFolder, trashPlaces } from '../duplicates/trash-folder.js';

const looksAtOnce = 32;

export const trash: ServiceMethod<Record<string, never>, TrashList> = async ({ collection, directory }) => {
  const batches: TrashList['batches'] = [];
  const counted = new Set<string>();
  for (const one of await trashBatches(directory)) {
    const { batch, movedAt } = one;
    const { files, bytes } = await stillThere(one, counted);
    if (files > 0) batches.push({ batch, movedAt, files, bytes });
  }
  // Where there is no place to move anything to, there is a list all the same; the job says what is wrong.
  const folder = await trashFolder(collection).catch(() => trashPlaces(directory)[0]!);
  return { folder, batches };
};

/**
 * Files are of the newest batch that names them: one that was killed may have noted a file that it did not come to move, and the
 * next has moved it to that very place.
 */
async function stillThere(
  { moves }: TrashBatch,
  counted: Set<string>,
): Promise<{ files: number; bytes: number }> {
  let [files, bytes] = [0, 0];
  await mapConcurrently(
    moves.length,
    async (i) => {
      const there = await lstat(moves[i]!.to).catch(() => undefined);
      if (there?.isFile() !== true || counted.has(moves[i]!.to)) return;
      counted.add(moves[i]!.to);
      files++;
      bytes += there.size;
    },
    looksAtOnce,
  );
  return { files, bytes };
}
