import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { ImagekinError, messageOf } from './errors.js';

/**
 * Writes a whole file or nothing: the bytes go to a file beside it, are flushed to disk, and take the name by rename.
 * A process killed at any moment leaves the old file or the new one, never half of one.
 */
export async function writeFileAtomic(path: string, bytes: Uint8Array | string): Promise<void> {
  const beside = `${path}.${process.pid}-${randomBytes(4).toString('hex')}.part`;
  try {
    await mkdir(dirname(path), { recursive: true });
    const file = await open(beside, 'w');
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(beside, path);
  } catch (cause) {
    // Where even its folder could not be made there is nothing to remove, and rm may say so.
    await rm(beside, { force: true }).catch(() => {});
    throw new ImagekinError('file-not-writable', {
      where: path,
      expected: 'a writable place',
      got: messageOf(cause),
      fix: 'name another path or make room',
      cause,
    });
  }
}

/** Removes what killed writers of a file have left beside it. For files that one process writes at a time. */
export async function removeLeftovers(path: string): Promise<void> {
  const names = await readdir(dirname(path)).catch(() => []);
  for (const name of names) {
    const rest = name.startsWith(basename(path)) ? name.slice(basename(path).length) : '';
    if (/^\.\d+-[0-9a-f]{8}\.part$/.test(rest)) await rm(join(dirname(path), name), { force: true });
  }
}
