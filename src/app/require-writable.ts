import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { ImagekinError, messageOf } from '../core/errors.js';

/**
 * Fails where a file at `path` could not be written: before minutes of work are spent on what goes there.
 * @throws `file-not-writable`
 */
export async function requireWritableFile(path: string): Promise<void> {
  const there = await statOf(path);
  if (there?.isDirectory()) throw notWritable(path, 'a file name', 'a directory', 'name a file in it');
  await requireWritableDirectory(dirname(path));
}

/** The same for a directory, which need not exist yet. */
export async function requireWritableDirectory(path: string): Promise<void> {
  let nearest = resolve(path);
  for (;;) {
    const there = await statOf(nearest);
    if (there !== undefined && !there.isDirectory())
      throw notWritable(path, 'a directory', `a file: ${nearest}`, 'name another path');
    if (there !== undefined) break;
    nearest = dirname(nearest);
  }
  try {
    await access(nearest, constants.W_OK);
  } catch (cause) {
    throw notWritable(path, 'a writable place', messageOf(cause), 'name another path', cause);
  }
}

/** `undefined` where nothing is there, or where the way leads through a file. */
function statOf(path: string) {
  return stat(path).catch(() => undefined);
}

function notWritable(
  where: string,
  expected: string,
  got: string,
  fix: string,
  cause?: unknown,
): ImagekinError {
  return new ImagekinError('file-not-writable', { where, expected, got, fix, cause });
}
