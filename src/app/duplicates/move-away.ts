import { lstat, realpath, stat } from 'node:fs/promises';
import { basename, extname, join, relative, resolve } from 'node:path';
import { shownPath } from '../../collection/catalog/image-record.js';
import { ImagekinError, messageOf } from '../../core/errors.js';
import { moveFile } from '../../core/move-file.js';
import type { OnProgress, Skipped } from '../../core/progress.js';
import { commonFolder } from '../common-folder.js';
import { UndoFile } from './undo-file.js';

/** A file as it was when it was looked at. */
export interface KnownFile {
  readonly id: number;
  /** Absolute path; of a file in an archive, that of the archive. */
  readonly path: string;
  /** Name in an archive or a source; `''` of a file. */
  readonly entry: string;
  readonly sha256: string | null;
  readonly size: number | null;
  readonly mtime: number | null;
}

/** Copies, and those of them that stay. */
export interface MovableGroup {
  /** One of them at least must be what it was. None, where that was decided of each of the others. */
  readonly kept: readonly KnownFile[];
  readonly others: readonly KnownFile[];
}

export interface MoveRequest {
  readonly groups: readonly MovableGroup[];
  /** Where they are moved to. */
  readonly folder: string;
  /** Folder of the collection, for the undo file. */
  readonly collection: string;
  /** Path of the undo file, which must not be there yet. */
  readonly undoFile: string;
  /** Told before the first file is moved. */
  readonly onUndoFile?: (path: string) => void;
  /** Told of files that have been moved, soon after. */
  readonly onMoved: (ids: readonly number[]) => void;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

export interface MovedFile {
  readonly id: number;
  readonly from: string;
  readonly to: string;
  readonly bytes: number;
}

export interface Moved {
  readonly files: readonly MovedFile[];
  /** Files that stay where they are, and why. */
  readonly skipped: readonly Skipped[];
}

/** Dates are written with fewer digits than file systems have. */
const datesWithinMs = 1;

/** After so many the catalog is told. */
const toldAtOnce = 50;

/**
 * Moves files into a folder, where they lie as they lay to one another. Whatever it is stopped by, the undo file has every file
 * that was moved. A file stays where it is unless it and one of those that are kept are what they were when they were looked at.
 */
export async function moveAway(request: MoveRequest): Promise<Moved> {
  const { groups, folder, collection, undoFile, onMoved, onProgress, signal } = request;
  const skipped: Skipped[] = [];
  const moved: MovedFile[] = [];
  const movable = groups.flatMap(({ others }) => others.filter(({ entry }) => entry === ''));
  const base = commonFolder(movable.map(({ path }) => path));
  const names = new FreeNames();
  let untold: number[] = [];
  const tell = () => {
    if (untold.length > 0) onMoved(untold);
    untold = [];
  };
  let undo: UndoFile | undefined;
  let done = 0;
  const total = groups.reduce((sum, { others }) => sum + others.length, 0);
  try {
    for (const { kept, others } of groups)
      for (const file of others) {
        signal?.throwIfAborted();
        onProgress?.({ task: 'moving', done: done++, total, unit: 'files' });
        const reason = await reasonToStay(file, kept);
        if (reason !== undefined) {
          skipped.push({ path: shownPath(file), reason });
          continue;
        }
        if (undo === undefined) {
          undo = await UndoFile.create(undoFile, collection);
          request.onUndoFile?.(undoFile);
        }
        try {
          const to = await names.in(folder, relative(base, file.path));
          await undo.note({ from: file.path, to, sha256: file.sha256, bytes: file.size! });
          await moveFile(file.path, to);
          moved.push({ id: file.id, from: file.path, to, bytes: file.size! });
          untold.push(file.id);
          if (untold.length >= toldAtOnce) tell();
        } catch (error) {
          if (error instanceof ImagekinError) throw error;
          skipped.push({ path: file.path, reason: messageOf(error) });
        }
      }
  } finally {
    tell();
    await undo?.close();
  }
  return { files: moved, skipped };
}

async function reasonToStay(file: KnownFile, kept: readonly KnownFile[]): Promise<string | undefined> {
  if (file.entry !== '') return file.size === null ? 'no file of its own' : 'in an archive';
  const changed = await reasonChanged(file);
  if (changed !== undefined) return changed;
  const keptChanged = await Promise.all(kept.map(reasonChanged));
  if (kept.length > 0 && keptChanged.every((reason) => reason !== undefined))
    return `the copy to keep, ${shownPath(kept[0]!)}, ${keptChanged[0]}`;
  // By way of a link to a folder one file has two paths, and to move the one would be to move the other.
  for (const [i, one] of kept.entries())
    if (one.entry === '' && keptChanged[i] === undefined && (await isSamePath(file.path, one.path)))
      return `the same file as ${one.path}`;
  return undefined;
}

async function isSamePath(a: string, b: string): Promise<boolean> {
  return (await realpath(a)) === (await realpath(b));
}

async function reasonChanged({ path, entry, size, mtime }: KnownFile): Promise<string | undefined> {
  if (size === null) return entry === '' ? 'is no file of its own' : undefined;
  try {
    if (entry === '' && (await lstat(path)).isSymbolicLink()) return 'is a symbolic link';
    const now = await stat(path);
    // Of an archive the catalog has the size of the file inside.
    const sameDate = mtime !== null && Math.abs(now.mtimeMs - mtime) < datesWithinMs;
    if (entry === '' && (now.size !== size || !sameDate)) return 'has changed since it was added';
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'is gone' : messageOf(error);
  }
}

/** Names that nothing has: `a.jpg`, else `a-2.jpg` and so on. */
class FreeNames {
  private readonly given = new Set<string>();

  async in(folder: string, name: string): Promise<string> {
    // Paths on different drives have no folder in common.
    const inside = name.startsWith('..') || resolve(name) === name ? basename(name) : name;
    const extension = extname(inside);
    const stem = inside.slice(0, inside.length - extension.length);
    for (let number = 1; ; number++) {
      const path = join(folder, number === 1 ? inside : `${stem}-${number}${extension}`);
      if (this.given.has(path) || (await isThere(path))) continue;
      this.given.add(path);
      return path;
    }
  }
}

async function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}
