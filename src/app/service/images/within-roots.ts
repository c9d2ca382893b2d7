import { constants } from 'node:fs';
import { type FileHandle, lstat, open, readlink, realpath } from 'node:fs/promises';
import { ImagekinError } from '../../../core/errors.js';
import { isInside } from '../../../core/is-inside.js';

/** A file that is open to be read. */
export interface OpenedFile {
  readonly file: FileHandle;
  /** In bytes. */
  readonly size: number;
  readonly mtimeMs: number;
}

/** The path of a file without links in it, where that is one of some roots or lies in one; all as they are on the disk now. */
export async function realPathWithin(path: string, roots: readonly string[]): Promise<string | undefined> {
  const real = await realpath(path).catch(() => undefined);
  return real !== undefined && (await liesIn(real, roots)) ? real : undefined;
}

/** @param real a path without links in it */
async function liesIn(real: string, roots: readonly string[]): Promise<boolean> {
  for (const root of roots) {
    const realRoot = await realpath(root).catch(() => undefined);
    if (realRoot === undefined) continue;
    if (real === realRoot || isInside(real, realRoot)) return true;
  }
  return false;
}

/**
 * Opens an ordinary file that lies in one of some roots, whatever links lead to it, and nothing else. Where a folder on the way
 * becomes a link meanwhile, something else is opened: so Linux is asked where that lies which was opened. Elsewhere it must be
 * what lies there when it is looked at again.
 * @throws `image-not-found` where there is none
 */
export async function openWithinRoots(
  path: string,
  roots: readonly string[],
  where: string,
): Promise<OpenedFile> {
  const real = await realPathWithin(path, roots);
  const found = real === undefined ? undefined : await lstat(real).catch(() => undefined);
  if (real === undefined || !found?.isFile()) throw refused(where);
  // Without waiting: what has become a pipe meanwhile would be waited for until somebody writes to it.
  const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
  const file = await open(real, flags).catch(() => undefined);
  if (!file) throw refused(where);
  try {
    const opened = await file.stat();
    if (!opened.isFile() || !(await isStillWithin(file, path, roots))) throw refused(where);
    return { file, size: opened.size, mtimeMs: opened.mtimeMs };
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function isStillWithin(file: FileHandle, path: string, roots: readonly string[]): Promise<boolean> {
  const place = await readlink(`/proc/self/fd/${file.fd}`).catch(() => undefined);
  if (place !== undefined) return liesIn(place, roots);
  const again = await realPathWithin(path, roots);
  if (again === undefined) return false;
  const [opened, there] = await Promise.all([
    file.stat({ bigint: true }),
    lstat(again, { bigint: true }).catch(() => undefined),
  ]);
  return there?.ino === opened.ino && there.dev === opened.dev;
}

/** Whether it is not there or lies elsewhere is not told: that would say what files there are. */
function refused(where: string): ImagekinError {
  return new ImagekinError('image-not-found', {
    where,
    expected: 'an image file in one of the sources of its collection',
    got: 'none that may be shown',
    fix: 'see that the file is there, and lies in the folder that was given to imagekin add, without links that lead out of it',
  });
}
