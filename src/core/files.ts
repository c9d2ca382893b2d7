import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { ImagekinError, messageOf } from './errors.js';

/** What stands behind the name of a file while it is being written: which process writes it, and a number by chance. */
export function unfinishedEnding(): string {
  return `.${process.pid}-${randomBytes(4).toString('hex')}.part`;
}

/** The same, as it is found behind names; the process is in it. */
export const unfinished = /\.(\d+)-[0-9a-f]{8}\.part$/;

/**
 * Writes a whole file or nothing: the bytes go to a file beside it, are flushed to disk, and take the name by rename.
 * A process killed at any moment leaves the old file or the new one, never half of one.
 */
export function writeFileAtomic(path: string, bytes: Uint8Array | string): Promise<void> {
  return writeChunksAtomic(path, [bytes]);
}

/** As `writeFileAtomic`, of a file that comes piece by piece. What making the pieces throws is thrown as it is. */
export async function writeChunksAtomic(
  path: string,
  chunks: AsyncIterable<Uint8Array | string> | Iterable<Uint8Array | string>,
): Promise<void> {
  const beside = `${path}${unfinishedEnding()}`;
  const writing = async <Result>(work: Promise<Result>): Promise<Result> =>
    work.catch((cause: unknown) => {
      throw new ImagekinError('file-not-writable', {
        where: path,
        expected: 'a writable place',
        got: messageOf(cause),
        fix: 'name another path or make room',
        cause,
      });
    });
  try {
    await writing(mkdir(dirname(path), { recursive: true }));
    const file = await writing(open(beside, 'w'));
    try {
      for await (const chunk of chunks) await writing(file.writeFile(chunk));
      await writing(file.sync());
    } finally {
      await file.close();
    }
    await writing(rename(beside, path));
  } catch (error) {
    // Where even its folder could not be made there is nothing to remove, and rm may say so.
    await rm(beside, { force: true }).catch(() => {});
    throw error;
  }
}

/** Removes what killed writers of a file have left beside it. For files that one process writes at a time. */
export async function removeLeftovers(path: string): Promise<void> {
  const names = await readdir(dirname(path)).catch(() => []);
  for (const name of names) {
    const rest = name.startsWith(basename(path)) ? name.slice(basename(path).length) : '';
    if (unfinished.exec(rest)?.index === 0) await rm(join(dirname(path), name), { force: true });
  }
}
