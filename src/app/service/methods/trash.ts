import { lstat } from 'node:fs/promises';
import type { TrashList } from '../../../api/index.js';
import { mapConcurrently } from '../../../data/concurrency.js';
import type { ServiceMethod } from '../context.js';
import { type TrashBatch, trashBatches, trashFolder } from '../duplicates/trash-folder.js';

const looksAtOnce = 32;

export const trash: ServiceMethod<Record<string, never>, TrashList> = async ({ collection, directory }) => {
  const batches: TrashList['batches'] = [];
  for (const one of await trashBatches(directory)) {
    const { batch, movedAt } = one;
    const { files, bytes } = await stillThere(one);
    if (files > 0) batches.push({ batch, movedAt, files, bytes });
  }
  return { folder: await trashFolder(collection), batches };
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
