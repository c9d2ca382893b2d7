import { stat } from 'node:fs/promises';
import { Collection, isCollection } from '../../collection/collection.js';
import type { OnProgress, Skipped } from '../../core/progress.js';
import { moveBack } from '../duplicates/move-back.js';
import { readUndoFile } from '../duplicates/undo-file.js';

export interface UndoDuplicatesOptions {
  /** Path of an undo file that `listDuplicates` has written. */
  readonly undoFile: string;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

/** What `dupes --undo` did. The document of `--json`. */
export interface UndoDuplicatesResult {
  readonly undoFile: string;
  readonly collection: string;
  /** Files that the undo file names. */
  readonly files: number;
  /** Those that were put back now; others may have been where they belong. */
  readonly putBack: number;
  /** Images that are found by searches again. `null` where there is no such collection any more. */
  readonly foundAgain: number | null;
  readonly skipped: readonly Skipped[];
}

const placesAtOnce = 500;

/**
 * Puts files back that were moved away, and tells the collection. May be run again and again.
 * @throws ImagekinError `file-not-found`, `source-damaged`
 */
export async function undoDuplicates(options: UndoDuplicatesOptions): Promise<UndoDuplicatesResult> {
  const { undoFile, onProgress, signal } = options;
  const log = await readUndoFile(undoFile);
  const { restored, putBack, skipped } = await moveBack(log, { onProgress, signal });
  const foundAgain = isCollection(log.collection) ? await markFound(log.collection, restored) : null;
  return { undoFile, collection: log.collection, files: log.moves.length, putBack, foundAgain, skipped };
}

/** Images whose files are there again, and of the length that they had. */
async function markFound(directory: string, paths: readonly string[]): Promise<number> {
  const collection = Collection.open(directory);
  const { catalog } = collection;
  try {
    let marked = 0;
    for (let first = 0; first < paths.length; first += placesAtOnce) {
      const places = paths.slice(first, first + placesAtOnce).map((path) => ({ path, entry: '' }));
      const found: { id: number; size: number; mtime: number }[] = [];
      for (const { id, path, size } of catalog.images.at(places)) {
        const now = await stat(path).catch(() => undefined);
        if (now?.size === size) found.push({ id, size: now.size, mtime: now.mtimeMs });
      }
      marked += catalog.write(() => {
        // Another file system may keep a coarser date.
        for (const { id, ...state } of found) catalog.images.touch(id, state);
        return catalog.images.markPresent(found.map(({ id }) => id));
      });
    }
    return marked;
  } finally {
    collection.close();
  }
}
