import { readdir } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { Collection } from '../../../collection/collection.js';
import { ImagekinError } from '../../../core/errors.js';
import { rootAround } from '../../collection/root-around.js';
import { readUndoFile, type UndoLog } from '../../duplicates/undo-file.js';
import { requireWritableDirectory } from '../../require-writable.js';

/** What was moved away at one time. */
export interface TrashBatch extends UndoLog {
  /** Name of its undo file. */
  readonly batch: string;
  readonly undoFile: string;
  /** ISO 8601. */
  readonly movedAt: string;
}

/** As `newUndoName` makes them. */
const undoName = /^undo-(\d{4}-\d{2}-\d{2})T(\d{2})-(\d{2})-(\d{2})-(\d{3}Z)\.jsonl$/;

/**
 * The folder that files of a collection are moved away to: `photos.kin.trash` beside it. Where that would be within what images
 * are added from, they would come back, so it is beside a folder that holds all of it.
 * @throws `file-not-writable` where there is no such place
 */
export async function trashFolder(collection: Collection): Promise<string> {
  const places = trashPlaces(collection.directory).filter((place) => !rootAround(collection, place));
  let reason: unknown;
  for (const place of places)
    try {
      await requireWritableDirectory(place);
      return place;
    } catch (error) {
      reason ??= error;
    }
  throw (
    reason ??
    new ImagekinError('file-not-writable', {
      where: collection.directory,
      expected: 'a folder to move files to that no images are added from',
      got: 'a source that all folders around the collection lie in',
      fix: 'move the collection out of it, or move files by imagekin dupes --move-to <folder>',
    })
  );
}

/** All batches of a collection, wherever its trash was at the time, the newest first. */
export async function trashBatches(directory: string): Promise<TrashBatch[]> {
  const batches: TrashBatch[] = [];
  for (const folder of trashPlaces(directory))
    for (const batch of await readdir(folder).catch(() => [])) {
      const [, day, hours, minutes, seconds, rest] = undoName.exec(batch) ?? [];
      if (day === undefined) continue;
      const undoFile = join(folder, batch);
      const log = await readUndoFile(undoFile).catch(() => undefined);
      // Another collection of this name, in a folder below, has its trash here.
      if (log?.collection !== resolve(directory)) continue;
      const movedAt = `${day}T${hours}:${minutes}:${seconds}.${rest}`;
      batches.push({ ...log, batch, undoFile, movedAt });
    }
  return batches.sort((a, b) => (a.batch < b.batch ? 1 : -1));
}

/** @throws `file-not-found` where there is no such batch */
export async function undoFileOf(directory: string, batch: string): Promise<string> {
  const found = (await trashBatches(directory)).find((one) => one.batch === batch);
  if (found) return found.undoFile;
  throw new ImagekinError('file-not-found', {
    where: 'batch',
    expected: 'one of those that the list of the trash has',
    got: `"${batch}"`,
    fix: 'look at that list',
  });
}

/** Beside the collection, and beside each folder around it, the nearest first. */
export function trashPlaces(directory: string): string[] {
  const name = `${basename(resolve(directory))}.trash`;
  const places: string[] = [];
  for (let at = dirname(resolve(directory)); ; at = dirname(at)) {
    places.push(join(at, name));
    if (dirname(at) === at) return places;
  }
}
