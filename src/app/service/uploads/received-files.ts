import { createHash } from 'node:crypto';
import { lstat, mkdir, open, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { ImagekinError, messageOf } from '../../../core/errors.js';
import { unfinishedEnding } from '../../../core/files.js';
import { moveFile, sha256OfFile } from '../../../core/move-file.js';
import type { Skipped } from '../../../core/progress.js';
import { formatList, imageFormatOf } from '../../../image/image-format.js';
import { otherUploadName, uploadName } from './upload-name.js';

/** Bytes of a file as they come. */
export interface IncomingBytes extends AsyncIterable<Uint8Array> {
  /** Set where it was longer than is allowed, and the rest of it left out. */
  readonly truncated?: boolean;
}

interface Received {
  readonly temporary: string;
  readonly name: string;
  readonly sha256: string;
  readonly bytes: number;
}

/** What says which format a file has stands there. */
const headBytes = 4096;

/**
 * The files of one request, on their way into a folder. They lie there under hidden names until all of them are there and on the
 * disk; then they get their own. Where a file of that name is there already, of the same bytes, that one is it.
 */
export class ReceivedFiles {
  readonly #received: Received[] = [];
  readonly #skipped: Skipped[] = [];

  private readonly folder: string;

  constructor(folder: string) {
    this.folder = resolve(folder);
  }

  /** How many have come, those that cannot be used among them. */
  get count(): number {
    return this.#received.length + this.#skipped.length;
  }

  /**
   * Writes a file, as fast as it comes and as the disk takes it. What is no image is not kept.
   * @throws what reading it throws; `file-not-writable`
   */
  async take(given: string, bytes: IncomingBytes): Promise<void> {
    const temporary = join(this.folder, unfinishedEnding());
    try {
      const { head, ...facts } = await this.#write(temporary, bytes);
      const format = bytes.truncated ? undefined : imageFormatOf(head);
      if (format !== undefined) {
        this.#received.push({ temporary, name: uploadName(given, format), ...facts });
        return;
      }
      this.#skipped.push({ path: given, reason: reasonToSkip(bytes, facts.bytes) });
      await rm(temporary, { force: true });
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  }

  /** Gives them their names. @returns their paths, absolute, each once, and those that were not kept */
  async keep(): Promise<{ readonly files: readonly string[]; readonly skipped: readonly Skipped[] }> {
    const files = new Set<string>();
    try {
      for (const received of this.#received) files.add(await this.#named(received));
    } finally {
      await this.discard();
    }
    return { files: [...files], skipped: this.#skipped };
  }

  /** Removes those that have not got their names. */
  async discard(): Promise<void> {
    for (const { temporary } of this.#received.splice(0)) await rm(temporary, { force: true });
  }

  async #write(temporary: string, bytes: IncomingBytes) {
    const hash = createHash('sha256');
    const head: Uint8Array[] = [];
    let length = 0;
    await mkdir(this.folder, { recursive: true }).catch((cause) => notWritable(this.folder, cause));
    const file = await open(temporary, 'wx').catch((cause) => notWritable(this.folder, cause));
    try {
      for await (const chunk of bytes) {
        if (length < headBytes) head.push(chunk.subarray(0, headBytes - length));
        length += chunk.length;
        hash.update(chunk);
        await file.writeFile(chunk).catch((cause) => notWritable(this.folder, cause));
      }
      await file.datasync();
    } finally {
      await file.close();
    }
    return { head: Buffer.concat(head), sha256: hash.digest('hex'), bytes: length };
  }

  async #named({ temporary, name, sha256, bytes }: Received): Promise<string> {
    const marks = ['', sha256.slice(0, 8), sha256];
    for (const mark of marks) {
      const path = join(this.folder, mark === '' ? name : otherUploadName(name, mark));
      if (await hasBytes(path, sha256, bytes)) return path;
      try {
        await moveFile(temporary, path);
        return path;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') notWritable(path, error);
        // Another request may just have brought the same.
        if (await hasBytes(path, sha256, bytes)) return path;
      }
    }
    return notWritable(join(this.folder, name), new Error('other files have its name'));
  }
}

async function hasBytes(path: string, sha256: string, bytes: number): Promise<boolean> {
  const there = await lstat(path).catch(() => undefined);
  return there?.isFile() === true && there.size === bytes && (await sha256OfFile(path)) === sha256;
}

function reasonToSkip({ truncated }: IncomingBytes, bytes: number): string {
  if (truncated) return `larger than the ${Math.floor(bytes / 1e6)} MB that a file may have`;
  return bytes === 0 ? 'an empty file' : `no image: expected ${formatList}`;
}

function notWritable(where: string, cause: unknown): never {
  throw new ImagekinError('file-not-writable', {
    where,
    expected: 'a place for the files that are sent',
    got: messageOf(cause),
    fix: 'make room, or let the server write there',
    cause,
  });
}
