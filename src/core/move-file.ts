import { createHash } from 'node:crypto';
import { constants, createReadStream } from 'node:fs';
import { copyFile, link, lstat, mkdir, open, rename, rm, stat, unlink, utimes } from 'node:fs/promises';
import { dirname } from 'node:path';
import { unfinishedEnding } from './files.js';

/** Codes of file systems that have no second names for a file. */
const noLinks = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EACCES', 'EINVAL']);

/**
 * Moves a file to a name that nothing has yet, its folders made; also to another file system, where it is copied, the copy read
 * back and compared, and only then the file removed. Nothing is ever overwritten, and a process killed at any moment leaves the
 * file whole under its old name, or under the new one, or under both.
 *
 * @throws Error with code EEXIST where there is something at `to`
 */
export async function moveFile(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  try {
    // Unlike rename, it fails where the name is taken.
    await link(from, to);
  } catch (error) {
    const code = codeOf(error);
    if (code === 'EXDEV') await copyWhole(from, to);
    else if (code !== undefined && noLinks.has(code)) return renameToFree(from, to);
    else throw error;
  }
  await syncFolder(dirname(to));
  await unlink(from);
  await syncFolder(dirname(from));
}

/** Whether two paths are names of one file. */
export async function isSameFile(a: string, b: string): Promise<boolean> {
  const [one, other] = await Promise.all([lstat(a, { bigint: true }), lstat(b, { bigint: true })]);
  return one.dev === other.dev && one.ino === other.ino;
}

/** SHA-256 of a file's bytes, hex, read in pieces. */
export async function sha256OfFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Uint8Array);
  return hash.digest('hex');
}

/** Has what was made, renamed or removed in a folder written to the disk, where that can be said. */
export async function syncFolder(path: string): Promise<void> {
  try {
    const folder = await open(path, 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  } catch {
    // Not everywhere may a folder be opened; there the system sees to it.
  }
}

/** Takes the name with an empty file, then puts the file in its place. */
async function renameToFree(from: string, to: string): Promise<void> {
  await (await open(to, 'wx')).close();
  try {
    await rename(from, to);
  } catch (error) {
    await rm(to, { force: true });
    if (codeOf(error) !== 'EXDEV') throw error;
    await copyWhole(from, to);
    await unlink(from);
  }
  await syncFolder(dirname(to));
}

async function copyWhole(from: string, to: string): Promise<void> {
  const part = `${to}${unfinishedEnding()}`;
  try {
    await copyFile(from, part, constants.COPYFILE_EXCL);
    const { atimeMs, mtimeMs } = await stat(from);
    await utimes(part, atimeMs / 1000, mtimeMs / 1000);
    const copy = await open(part, 'r');
    await copy.sync().finally(() => copy.close());
    if ((await sha256OfFile(part)) !== (await sha256OfFile(from)))
      throw new Error('the copy is not what was copied');
    try {
      await link(part, to);
    } catch (error) {
      const code = codeOf(error);
      if (code === undefined || !noLinks.has(code)) throw error;
      await (await open(to, 'wx')).close();
      await rename(part, to);
    }
  } finally {
    await rm(part, { force: true });
  }
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}
