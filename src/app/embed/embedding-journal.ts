import { createReadStream } from 'node:fs';
import {
  type FileHandle,
  mkdir,
  open,
  readdir,
  readFile,
  rm,
  rmdir,
  stat,
  writeFile,
} from 'node:fs/promises';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';
import { isDeepStrictEqual } from 'node:util';
import { ImagekinError, messageOf } from '../../core/errors.js';
import { writeFileAtomic } from '../../core/files.js';
import { isAlive } from '../../core/is-alive.js';
import { jsonLine } from '../../core/json-lines.js';

/** An image of a run, in the order of its source: embedded, or left out. */
export type JournalEntry = EmbeddedEntry | SkippedEntry;

export interface EmbeddedEntry extends EntryFacts {
  /** Its row among the vectors; counts from 0. */
  readonly row: number;
}

export interface SkippedEntry extends EntryFacts {
  readonly skipped: string;
}

export interface EntryFacts {
  readonly id: string;
  /** Path of the file, or of the archive and the name in it. Left out of images that are no files. */
  readonly path?: string;
  /** Where there are several. */
  readonly source?: string;
  readonly label?: string;
  readonly width?: number;
  readonly height?: number;
  /** Hex, over the file. */
  readonly sha256?: string;
  readonly metadata?: Readonly<Record<string, string | number | boolean | null>>;
}

/** What makes two runs the same one. */
export type JournalIdentity = Readonly<Record<string, unknown>>;

/** How long a batch may be reported before it is on the disk. */
const syncIntervalMs = 1000;

/**
 * What a run has embedded so far, in a folder beside its outcome: the vectors one behind the other, and a line of JSON for
 * every image. Both only grow; what of them is whole after a crash is what the next sitting goes on from.
 */
export class EmbeddingJournal {
  #syncedAt = performance.now();
  /** Whether all of it stands elsewhere by now. */
  isWrittenOut = false;

  private constructor(
    readonly directory: string,
    private readonly rowBytes: number,
    private readonly rowsFile: FileHandle,
    private readonly linesFile: FileHandle,
    /** Images so far, the skipped ones among them. */
    private entries: number,
    private rowCount: number,
  ) {}

  /**
   * @throws `checkpoint-mismatch` where another run lies there; `file-not-writable` where something else does, or another
   * process is at work there
   */
  static async open(
    directory: string,
    identity: JournalIdentity,
    dimension: number,
  ): Promise<EmbeddingJournal> {
    const paths = pathsIn(directory);
    const rowBytes = 4 * dimension;
    return written(directory, async () => {
      await mkdir(directory, { recursive: true });
      await lock(directory);
      try {
        await claim(directory, identity);
        const whole = await wholePart(paths, rowBytes);
        const rowsFile = await open(paths.rows, 'a');
        const linesFile = await open(paths.lines, 'a');
        await rowsFile.truncate(whole.rows * rowBytes);
        await linesFile.truncate(whole.lineBytes);
        return new EmbeddingJournal(directory, rowBytes, rowsFile, linesFile, whole.entries, whole.rows);
      } catch (error) {
        await rm(paths.lock, { force: true });
        throw error;
      }
    });
  }

  /** Whether a run lies there that has embedded something. */
  static async exists(directory: string): Promise<boolean> {
    return (await sizeOf(pathsIn(directory).lines)) > 0;
  }

  /** Removes a run, and nothing else that may lie there. */
  static async remove(directory: string): Promise<void> {
    for (const path of Object.values(pathsIn(directory))) await rm(path, { force: true });
    // Where something else lies there it stays.
    await rmdir(directory).catch(() => {});
  }

  /** Images so far, the skipped ones among them. */
  get length(): number {
    return this.entries;
  }

  /** Vectors so far. */
  get rows(): number {
    return this.rowCount;
  }

  /**
   * Adds images.
   * @param entries those embedded in the order of `embeddings`; their rows are given here
   * @param embeddings float32 [embedded, dimension]
   */
  async append(
    entries: readonly (EntryFacts | SkippedEntry)[],
    embeddings: Float32Array<ArrayBufferLike>,
  ): Promise<void> {
    let lines = '';
    for (const entry of entries)
      lines += `${jsonLine('skipped' in entry ? entry : { ...entry, row: this.rowCount++ })}\n`;
    // The vectors first: a line without its vector would be a promise that is not kept.
    const { buffer, byteOffset, byteLength } = embeddings;
    await written(this.directory, async () => {
      if (byteLength > 0) await this.rowsFile.writeFile(new Uint8Array(buffer, byteOffset, byteLength));
      await this.linesFile.writeFile(lines);
    });
    this.entries += entries.length;
    if (performance.now() - this.#syncedAt > syncIntervalMs) await this.sync();
  }

  async sync(): Promise<void> {
    await written(this.directory, async () => {
      await this.rowsFile.sync();
      await this.linesFile.sync();
    });
    this.#syncedAt = performance.now();
  }

  /** All images so far, in order. */
  read(): AsyncGenerator<JournalEntry> {
    return readLines(pathsIn(this.directory).lines);
  }

  /** The vectors so far, in blocks of rows: float32 [rows, dimension] each. */
  async *readRows(rowsAtOnce: number): AsyncGenerator<Float32Array> {
    const file = await open(pathsIn(this.directory).rows);
    try {
      for (let row = 0; row < this.rowCount; row += rowsAtOnce) {
        const bytes = new Uint8Array(Math.min(rowsAtOnce, this.rowCount - row) * this.rowBytes);
        await file.read(bytes, 0, bytes.length, row * this.rowBytes);
        yield new Float32Array(bytes.buffer);
      }
    } finally {
      await file.close();
    }
  }

  /** Ends the run; what is not to be gone on with, as it is written out or nothing was done, is removed. */
  async close(): Promise<void> {
    try {
      await this.sync();
    } finally {
      await Promise.all([this.rowsFile.close(), this.linesFile.close()]);
      if (this.isWrittenOut || this.rowCount === 0) await EmbeddingJournal.remove(this.directory);
      else await rm(pathsIn(this.directory).lock, { force: true });
    }
  }
}

interface Paths {
  /** Holds the number of the process that writes. */
  readonly lock: string;
  readonly identity: string;
  readonly rows: string;
  readonly lines: string;
}

function pathsIn(directory: string): Paths {
  return {
    lock: join(directory, 'lock'),
    identity: join(directory, 'run.json'),
    rows: join(directory, 'vectors.f32'),
    lines: join(directory, 'images.jsonl'),
  };
}

async function sizeOf(path: string): Promise<number> {
  return (await stat(path).catch(() => undefined))?.size ?? 0;
}

/** Two that write at once would give images each other's vectors. What a process that has died left is taken over. */
async function lock(directory: string): Promise<void> {
  const { lock: path, identity } = pathsIn(directory);
  const others = (await readdir(directory)).filter((name) => name !== basename(path));
  if (others.length > 0 && (await sizeOf(identity)) === 0)
    throw occupied(directory, `a folder with ${others[0]} in it`, 'move it away, or name another file');
  const holder = Number(await readFile(path, 'utf8').catch(() => ''));
  if (holder > 0 && holder !== process.pid && isAlive(holder))
    throw occupied(directory, `one that process ${holder} is writing`, 'wait for it, or name another file');
  await rm(path, { force: true });
  await writeFile(path, `${process.pid}`, { flag: 'wx' });
}

function occupied(where: string, got: string, fix: string): ImagekinError {
  return new ImagekinError('file-not-writable', { where, expected: 'a folder for this run alone', got, fix });
}

/** What the disk says, such as that it is full, in our form. */
async function written<Result>(where: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof ImagekinError) throw cause;
    throw new ImagekinError('file-not-writable', {
      where,
      expected: 'a place that can be written',
      got: messageOf(cause),
      fix: 'make room, and go on by --resume',
      cause,
    });
  }
}

async function claim(directory: string, identity: JournalIdentity): Promise<void> {
  const path = pathsIn(directory).identity;
  const written = JSON.stringify(identity);
  const kept = await readFile(path, 'utf8').catch(() => undefined);
  if (kept === undefined) return writeFileAtomic(path, written);
  const before = parsed(kept) as JournalIdentity | undefined;
  const now = JSON.parse(written) as JournalIdentity;
  const different = Object.keys(now).filter((key) => !isDeepStrictEqual(before?.[key], now[key]));
  if (different.length === 0) return;
  throw new ImagekinError('checkpoint-mismatch', {
    where: directory,
    expected: 'an unfinished run with the same model and sources',
    got: `one with another ${different.join(' and ')}`,
    fix: 'resume with what it was started with, or start anew by --overwrite',
  });
}

/** As much of both files as belongs together. A process that was killed may have left half of a line, or vectors without one. */
async function wholePart({ rows: rowsPath, lines }: Paths, rowBytes: number) {
  const rowsThere = Math.floor((await sizeOf(rowsPath)) / rowBytes);
  const whole = { entries: 0, rows: 0, lineBytes: 0 };
  for await (const { entry, bytes } of readEntries(lines)) {
    if (entry === undefined || ('row' in entry && (entry.row >= rowsThere || entry.row !== whole.rows)))
      break;
    whole.entries++;
    whole.lineBytes += bytes;
    if ('row' in entry) whole.rows = entry.row + 1;
  }
  return whole;
}

async function* readLines(path: string): AsyncGenerator<JournalEntry> {
  for await (const { entry } of readEntries(path)) if (entry !== undefined) yield entry;
}

async function* readEntries(path: string) {
  const size = await sizeOf(path);
  if (size === 0) return;
  let read = 0;
  const stream = createReadStream(path, { encoding: 'utf8', end: size - 1 });
  for await (const line of createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY })) {
    const bytes = Buffer.byteLength(line) + 1;
    read += bytes;
    // The last line may be cut: then its end is missing.
    yield { entry: read > size ? undefined : (parsed(line) as JournalEntry | undefined), bytes };
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
