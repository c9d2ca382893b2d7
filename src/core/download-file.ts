import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { ImagekinError, messageOf } from './errors.js';
import { fetchByHand, type ServerAnswer, statusOf } from './fetch-by-hand.js';
import type { OnProgress } from './progress.js';

export interface Checksum {
  /** `git-blob`: SHA-1 of the file as git stores it, behind the header `blob <length>` and a zero. */
  readonly algorithm: 'md5' | 'sha256' | 'git-blob';
  readonly hex: string;
}

const checksumNames = { md5: 'MD5', sha256: 'SHA-256', 'git-blob': "git's SHA-1" } as const;

export interface Download {
  readonly url: string;
  /** Where the file goes; until it is whole and its checksum right, its bytes lie in `${path}.part`. */
  readonly path: string;
  /** Left out where none is known: then the file is taken as it comes, and one that is there already is left. */
  readonly checksum?: Checksum;
  /** A bearer token, which goes to the server of the URL and to no other that it sends on to. */
  readonly token?: string;
  /** What errors tell to do about an answer of the server with this status. */
  readonly fixOf?: (status: number) => string | undefined;
  /**
   * How often a connection that broke, or a server that is out of order or has too much to do, is tried again, from where it
   * ended. Default 0.
   */
  readonly retries?: number;
  /** Before the first retry; twice as long before each further one. Default 1,000. */
  readonly retryDelayMs?: number;
  readonly signal?: AbortSignal;
  /** Gives up if no byte came after this long. */
  readonly startTimeoutMs?: number;
  /** Gives up if, once begun, no further byte came for this long. */
  readonly stallTimeoutMs?: number;
  readonly onProgress?: OnProgress;
}

/**
 * Downloads a file unless it is there already, from where an earlier attempt ended if there was one. An attempt that fails or
 * is aborted leaves what came for the next one.
 * @throws ImagekinError `download-failed`, `checksum-mismatch` (nothing is left then), `file-not-writable`; the
 * signal's reason when aborted
 */
export async function downloadFile(download: Download): Promise<void> {
  const { path, checksum } = download;
  const part = `${path}.part`;
  const there = checksum
    ? (await hexOfFile(path, checksum).catch(() => undefined)) === checksum.hex
    : (await stat(path).catch(() => undefined)) !== undefined;
  if (there) return;
  await mkdir(dirname(part), { recursive: true }).catch((cause: unknown) => {
    throw notWritable(part, cause);
  });
  const resumed = await fetchWithRetries(part, download);
  if (checksum) {
    let hex = await hexOfFile(part, checksum);
    if (hex !== checksum.hex && resumed) {
      // The first bytes may be those of another version of the file.
      await rm(part);
      await fetchWithRetries(part, download);
      hex = await hexOfFile(part, checksum);
    }
    if (hex !== checksum.hex) {
      await rm(part);
      throw new ImagekinError('checksum-mismatch', {
        where: download.url,
        expected: `${checksumNames[checksum.algorithm]} ${checksum.hex}`,
        got: hex,
        fix: 'what came was removed; try again, and if it stays so, get the file from elsewhere',
      });
    }
  }
  await rename(part, path);
}

/** Completes `part` in as many attempts as may be made, and tells whether it held something before that was kept. */
async function fetchWithRetries(part: string, download: Download): Promise<boolean> {
  const { retries = 0, retryDelayMs = 1_000, signal } = download;
  for (let attempt = 0; ; attempt++) {
    try {
      const resumed = await fetchInto(part, download);
      return resumed || attempt > 0;
    } catch (error) {
      if (attempt === retries || !isPassing(error)) throw error;
      await sleep(retryDelayMs * 2 ** attempt, undefined, { signal }).catch(() => signal?.throwIfAborted());
    }
  }
}

/** Whether the next attempt may go better: not where the server says that it will not give the file. */
function isPassing(error: unknown): boolean {
  if (!(error instanceof ImagekinError) || error.code !== 'download-failed') return false;
  const status = statusOf(error.cause);
  return status === undefined || status >= 500 || status === 429;
}

/** Completes `part`, and tells whether it held something that was kept. */
async function fetchInto(part: string, download: Download): Promise<boolean> {
  const { url, token, signal, startTimeoutMs = 60_000, stallTimeoutMs = 60_000, onProgress } = download;
  signal?.throwIfAborted();
  const had = (await stat(part).catch(() => undefined))?.size ?? 0;
  const watch = new Watch(startTimeoutMs);
  const aborted = signal === undefined ? watch.signal : AbortSignal.any([signal, watch.signal]);
  let done = had;
  let file: FileHandle | undefined;
  try {
    const { response } = await fetchByHand(url, {
      token,
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
      throw Object.assign(new Error(`HTTP status ${response.status}`), { status: response.status });
    }
    const resumed = response.status === 206 && startOf(response) === had;
    if (response.status === 206 && !resumed) throw new Error('another part of the file than was asked for');
    if (!resumed) done = 0;
    file = await open(part, resumed ? 'a' : 'w').catch((cause: unknown) => {
      throw notWritable(part, cause);
    });
    const startedWith = done;
    const total = totalOf(response, done);
    for await (const chunk of response.body) {
      watch.rearm(stallTimeoutMs);
      await file.writeFile(chunk).catch((cause: unknown) => {
        throw notWritable(part, cause);
      });
      done += chunk.length;
      onProgress?.({
        task: 'downloading',
        done,
        ...(total !== undefined && { total }),
        ...(startedWith > 0 && { startedWith }),
        unit: 'bytes',
      });
    }
    if (total !== undefined && done !== total)
      throw new Error(`the connection closed after ${done} of ${total} bytes`);
    return resumed;
  } catch (cause) {
    signal?.throwIfAborted();
    if (cause instanceof ImagekinError) throw cause;
    const status = statusOf(cause);
    throw new ImagekinError('download-failed', {
      where: url,
      expected: 'the whole file',
      got: watch.signal.aborted ? watch.reason : reasonOf(cause),
      fix:
        (status && download.fixOf?.(status)) ||
        'check the network and run again, which goes on where this ended',
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
function startOf({ headers }: ServerAnswer): number | undefined {
  const start = /^bytes (\d+)-/.exec(headers.get('content-range') ?? '')?.[1];
  return start === undefined ? undefined : Number(start);
}

function totalOf({ headers }: ServerAnswer, before: number): number | undefined {
  const length = headers.get('content-length');
  return length === null ? undefined : before + Number(length);
}

async function hexOfFile(path: string, { algorithm }: Checksum): Promise<string> {
  const hash = createHash(algorithm === 'git-blob' ? 'sha1' : algorithm);
  if (algorithm === 'git-blob') hash.update(`blob ${(await stat(path)).size}\0`);
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

/** `fetch` says no more than "fetch failed" and keeps the reason in the cause. */
export function reasonOf(thrown: unknown): string {
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
