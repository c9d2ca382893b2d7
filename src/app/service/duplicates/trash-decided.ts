import { lstat, unlink } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { ImageRecord } from '../../../collection/catalog/image-record.js';
import { Collection } from '../../../collection/collection.js';
import { ImagekinError } from '../../../core/errors.js';
import { isSameFile } from '../../../core/move-file.js';
import type { OnProgress, Skipped } from '../../../core/progress.js';
import { type KnownFile, type MovableGroup, moveAway } from '../../duplicates/move-away.js';
import { newUndoName } from '../../duplicates/undo-file.js';
import { PresentGroups } from './present-groups.js';
import { trashBatches, trashFolder } from './trash-folder.js';

export interface TrashDecidedOptions {
  readonly collection: string;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

export interface TrashDecidedResult {
  readonly finished: boolean;
  /** What `restore` is told; `null` where nothing was moved. */
  readonly batch: string | null;
  readonly folder: string;
  readonly files: number;
  readonly bytes: number;
  readonly skipped: readonly Skipped[];
}

/**
 * Moves the files of images that were decided to be trash into the trash, with an undo file, and marks the images as missing. What
 * was decided of an image is forgotten when its file has been moved. Of copies a file is moved only while one of those that stay is
 * what it was, unless every one of them was decided to be trash.
 * @throws `wrong-usage` where nothing was decided to be trash; `file-not-writable`
 */
export async function trashDecided({
  collection: directory,
  onProgress,
  signal,
}: TrashDecidedOptions): Promise<TrashDecidedResult> {
  const collection = Collection.open(directory);
  try {
    const { catalog } = collection;
    const markMoved = (ids: readonly number[]) =>
      catalog.write(() => {
        catalog.images.markMissing(ids);
        catalog.decisions.clear(ids);
      });
    const folder = await trashFolder(collection);
    const decided = catalog.images.byId(catalog.decisions.toTrash());
    if (decided.length === 0) throw nothingDecided(directory);
    const movedBefore = new Set(await alreadyMoved(directory, decided));
    if (movedBefore.size > 0) markMoved([...movedBefore]);
    const groups = await movableGroups(
      collection,
      decided.filter(({ id }) => !movedBefore.has(id)),
    );
    const batch = newUndoName();
    let written: string | null = null;
    const { files, skipped } = await moveAway({
      groups,
      folder,
      collection: resolve(directory),
      undoFile: join(folder, batch),
      onUndoFile: () => {
        written = batch;
      },
      onMoved: markMoved,
      onProgress,
      signal,
    });
    return {
      finished: true,
      batch: written,
      folder,
      files: files.length,
      bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
      skipped,
    };
  } finally {
    collection.close();
  }
}

/** The copies as they were found, those that stay apart from those that are moved; each of the others for itself. */
async function movableGroups(
  collection: Collection,
  decided: readonly ImageRecord[],
): Promise<MovableGroup[]> {
  const left = new Map(decided.map((image) => [image.id, image]));
  const groups: MovableGroup[] = [];
  for (const { images } of (await new PresentGroups(collection).read())?.groups ?? []) {
    const others = images.flatMap(({ id }) => left.get(id) ?? []);
    if (others.length === 0) continue;
    for (const { id } of others) left.delete(id);
    const ids = new Set(others.map(({ id }) => id));
    const stay = images.filter(({ id }) => !ids.has(id)).map(({ id }) => id);
    const kept = collection.catalog.images.byId(stay).map(knownFile);
    groups.push({ kept, others: others.map(knownFile) });
  }
  if (left.size > 0) groups.push({ kept: [], others: [...left.values()].map(knownFile) });
  return groups;
}

function knownFile({ id, path, entry, sha256, size, mtime }: ImageRecord): KnownFile {
  return { id, path, entry, sha256, size, mtime };
}

/**
 * Images whose files a process has moved that was killed before it could tell the catalog. Where it was killed in the middle of a
 * move, the file has two names: the new one is taken from it, and it is moved again.
 */
async function alreadyMoved(directory: string, decided: readonly ImageRecord[]): Promise<number[]> {
  const byPath = new Map(decided.filter(({ entry }) => entry === '').map(({ id, path }) => [path, id]));
  const moved: number[] = [];
  for (const { moves } of await trashBatches(directory))
    for (const { from, to, bytes } of moves) {
      const id = byPath.get(from);
      if (id === undefined || (await sizeOf(to)) !== bytes) continue;
      if ((await sizeOf(from)) !== undefined) {
        if (await isSameFile(from, to)) await unlink(to);
        continue;
      }
      byPath.delete(from);
      moved.push(id);
    }
  return moved;
}

async function sizeOf(path: string): Promise<number | undefined> {
  return lstat(path).then(
    ({ size }) => size,
    () => undefined,
  );
}

function nothingDecided(where: string): ImagekinError {
  return new ImagekinError('wrong-usage', {
    where,
    expected: 'images that were decided to be trash',
    got: 'none',
    fix: 'decide of copies first: PUT …/duplicates/decisions',
  });
}
