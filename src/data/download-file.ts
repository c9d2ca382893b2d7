import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ImagekinError, messageOf } from '../core/errors.js';
import type { OnProgress } from '../core/progress.js';

export interface Download {
  readonly url: string;
  /** Where the file goes; until it is whole and its checksum right, its bytes lie in `${path}.part`. */
  readonly path: string;
  /** Hex. */
  readonly md5: string;
  readonly signal?: AbortSignal;
  /** Gives up if no byte came after this long. */
  readonly startTimeoutMs?: number;
  /** Gives up if, once begun, no further byte came for this long. */
  readonly stallTimeoutMs?: number;
  readonly onProgress?: OnProgress;
}

/**
 * Downloads a file of known checksum unless it is there already, from where an earlier attempt ended if there was one. An attempt that fails or
 * is aborted leaves what came for the next one.
 * @throws ImagekinError `download-failed`, `checksum-mismatch` (nothing is left then), `file-not-writable`; the
 * signal's reason when aborted
 */
export async function downloadFile(download: Download): Promise<void> {
  const part = `${download.path}.part`;
  if ((await md5OfFile(download.path).catch(() => undefined)) === download.md5) return;
  await mkdir(dirname(part), { recursive: true }).catch((cause: unknown) => {
    throw notWritable(part, cause);
  });
  const resumed = await fetchInto(part, download);
  let md5 = await md5OfFile(part);
  if (md5 !== download.md5 && resumed) {
    // The first bytes may be those of another version of the file.
    await rm(part);
    await fetchInto(part, download);
    md5 = await md5OfFile(part);
  }
  if (md5 !== download.md5) {
    await rm(part);
    throw new ImagekinError('checksum-mismatch', {
      where: download.url,
      expected: `MD5 ${download.md5}`,
      got: md5,
      fix: 'what came was removed; try again, and if it stays so, get the file from elsewhere',
    });
  }
  await rename(part, download.path);
}

/** Completes `part`, and tells whether it held something that was kept. */
async function fetchInto(part: string, download: Download): Promise<boolean> {
  const { url, signal, startTimeoutMs = 60_000, stallTimeoutMs = 60_000, onProgress } = download;
  signal?.throwIfAborted();
  const had = (await stat(part).catch(() => undefined))?.size ?? 0;
  const watch = new Watch(startTimeoutMs);
  const aborted = signal === undefined ? watch.signal : AbortSignal.any([signal, watch.signal]);
  let done = had;
  let file: FileHandle | undefined;
  try {
    const response = await fetch(url, {
      signal: aborted,
      // A compressed transfer would make the lengths incomparable.
      headers: { 'accept-encoding': 'identity', ...(had > 0 && { range: `bytes=${had}-` }) },
    });
    if (response.status === 416) {
      // Either all of it is here already, which the checksum shows, or more than there is.
      await response.body?.cancel();
      return true;
    }
    if (!response.ok || response.body === null) {
      await response.body?.cancel();
      throw new Error(`HTTP status ${response.status}`);
    }
    const resumed = response.status === 206 && startOf(response) === had;
    if (response.status === 206 && !resumed) throw new Error('another part of the file than was asked for');
    if (!resumed) done = 0;
    file = await open(part, resumed ? 'a' : 'w').catch((cause: unknown) => {
      throw notWritable(part, cause);
    });
    const total = totalOf(response, done);
    for await (const chunk of response.body) {
      watch.rearm(stallTimeoutMs);
      await file.writeFile(chunk).catch((cause: unknown) => {
        throw notWritable(part, cause);
      });
      done += chunk.length;
      onProgress?.({ task: 'downloading', done, ...(total !== undefined && { total }), unit: 'bytes' });
    }
    if (total !== undefined && done !== total)
      throw new Error(`the connection closed after ${done} of ${total} bytes`);
    return resumed;
  } catch (cause) {
    signal?.throwIfAborted();
    if (cause instanceof ImagekinError) throw cause;
    throw new ImagekinError('download-failed', {
      where: url,
      expected: 'the whole file',
      got: watch.signal.aborted ? watch.reason : reasonOf(cause),
      fix: 'check the network and run again, which goes on where this ended',
      cause,
    });
  } finally {
    watch.stop();
    await file?.close();
  }
}

/** Aborts its signal unless it is re-armed in time. */
class Watch {
  readonly #controller = new AbortController();
  #timer: NodeJS.Timeout;
  reason: string;

  constructor(startTimeoutMs: number) {
    this.reason = `no byte in ${startTimeoutMs / 1000} s`;
    this.#timer = this.#arm(startTimeoutMs);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  rearm(timeoutMs: number): void {
    clearTimeout(this.#timer);
    this.reason = `no further byte in ${timeoutMs / 1000} s`;
    this.#timer = this.#arm(timeoutMs);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #arm(timeoutMs: number): NodeJS.Timeout {
    return setTimeout(() => this.#controller.abort(), timeoutMs);
  }
}

/** First byte of a partial answer: `Content-Range: bytes 100-199/200`. */
function startOf(response: Response): number | undefined {
  const start = /^bytes (\d+)-/.exec(response.headers.get('content-range') ?? '')?.[1];
  return start === undefined ? undefined : Number(start);
}

function totalOf(response: Response, before: number): number | undefined {
  const length = response.headers.get('content-length');
  return length === null ? undefined : before + Number(length);
}

async function md5OfFile(path: string): Promise<string> {
  const hash = createHash('md5');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

/** `fetch` says no more than "fetch failed" and keeps the reason in the cause. */
function reasonOf(thrown: unknown): string {
  const { cause } = thrown as Error;
  return cause === undefined ? messageOf(thrown) : messageOf(cause) || messageOf(thrown);
}

function notWritable(path: string, cause: unknown): ImagekinError {
  return new ImagekinError('file-not-writable', {
    where: path,
    expected: 'a writable place with room',
    got: messageOf(cause),
    fix: 'make room, or name another place with $IMAGEKIN_HOME',
    cause,
  });
}
