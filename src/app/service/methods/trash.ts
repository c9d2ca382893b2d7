import { lstat } from 'node:fs/promises';
import type { TrashList } from '../../../api/index.js';
import { mapConcurrently } from '../../../data/concurrency.js';
import type { ServiceMethod } from '../context.js';
import { type TrashBatch, trashBatches, trashFolder, trashPlaces } from '../duplicates/trash-folder.js';

const looksAtOnce = 32;

export const trash: ServiceMethod<Record<string, never>, TrashList> = async ({ collection, directory }) => {
  const batches: TrashList['batches'] = [];
  for (const one of await trashBatches(directory)) {
    const { batch, movedAt } = one;
    const { files, bytes } = await stillThere(one);
    if (files > 0) batches.push({ batch, movedAt, files, bytes });
  }
  // Where there is no place to move anything to, there is a list all the same; the job says what is wrong.
  const folder = await trashFolder(collection).catch(() => trashPlaces(directory)[0]!);
  return { folder, batches };
};

async function stillThere({ moves }: TrashBatch): Promise<{ files: number; bytes: number }> {
  let [files, bytes] = [0, 0];
  await mapConcurrently(
    moves.length,
    async (i) => {
      const there = await lstat(moves[i]!.to).catch(() => undefined);
      if (there?.isFile() !== true) return;
      files++;
      bytes += there.size;
    },
    looksAtOnce,
  );
  return { files, bytes };
}
