import { readSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { writeChunksAtomic } from '../../core/files.js';
import { checksumOf } from './checksum.js';
import { gatherRows } from './memory-rows.js';
import { forRuns, type RowStore } from './row-store.js';
import { UnusableFile } from './unusable-file.js';
import type { VectorRows } from './vector-source.js';

// Vectors of a collection in the order of their ids, to be read as they lie:
//
//   magic "IKVR", version (uint32), zeros up to byte 64
//   vectors: float32 [count, dimension]
//   ids: uint32 [count]
//   what it is: JSON
//   length of the JSON (uint32), CRC-32 of all bytes before it (uint32)
//
// All numbers are little-endian. What is known only when all is written stands at the end, so that vectors go to the file as
// they come from the catalog.

const magic = 'IKVR';
const version = 1;
const headBytes = 64;
const tailBytes = 8;

const RowsHeader = Type.Object({
  modelId: Type.String(),
  dimension: Type.Integer({ minimum: 1 }),
  count: Type.Integer({ minimum: 0 }),
  /** Of the source: the last one that is in it. */
  change: Type.Integer(),
});

export interface RowsHeader {
  readonly modelId: string;
  readonly dimension: number;
  readonly count: number;
  readonly change: number;
}

/** A file as it was written: what a manifest has of it. */
export interface WrittenFile {
  readonly bytes: number;
  /** Of a rows file, the checksum that stands in it. */
  readonly crc32: number;
}

/** Writes the file, whole or not at all. */
export async function writeRowsFile(
  path: string,
  what: Omit<RowsHeader, 'count'>,
  blocks: AsyncIterable<VectorRows> | Iterable<VectorRows>,
): Promise<WrittenFile & { readonly count: number }> {
  let sum = 0;
  let bytes = 0;
  let count = 0;
  const counted = (chunk: Uint8Array) => {
    sum = crc32(chunk, sum);
    bytes += chunk.length;
    return chunk;
  };
  await writeChunksAtomic(
    path,
    (async function* () {
      const head = Buffer.alloc(headBytes);
      head.write(magic, 'latin1');
      head.writeUInt32LE(version, 4);
      yield counted(head);
      const ids: Uint32Array[] = [];
      for await (const block of blocks) {
        if (block.ids.length === 0) continue;
        yield counted(bytesOf(block.vectors));
        ids.push(block.ids.slice());
        count += block.ids.length;
      }
      for (const some of ids) yield counted(bytesOf(some));
      const description = Buffer.from(JSON.stringify({ ...what, count }));
      yield counted(description);
      const tail = Buffer.alloc(tailBytes);
      tail.writeUInt32LE(description.length, 0);
      counted(tail.subarray(0, 4));
      tail.writeUInt32LE(sum, 4);
      bytes += 4;
      yield tail;
    })(),
  );
  return { bytes, crc32: sum, count };
}

/** What a rows file must be to be of use. */
export interface ExpectedRows extends RowsHeader {
  readonly crc32: number;
}

/**
 * Opens a file whose every byte has been checked.
 * @param intoMemory read the vectors as well, in the same pass
 * @throws {UnusableFile}
 */
export async function openRowsFile(
  path: string,
  expected: ExpectedRows,
  { intoMemory = false }: { readonly intoMemory?: boolean } = {},
): Promise<FileRows> {
  // Opened once: another process may remove the file at any moment, and then it is still there for us.
  const file = await open(path, 'r').catch((cause) => {
    throw new UnusableFile(`${path}: cannot be opened`, { cause });
  });
  try {
    const header = await readHeader(path, file);
    for (const key of ['modelId', 'dimension', 'count', 'change'] as const)
      if (header[key] !== expected[key])
        throw new UnusableFile(`${path}: ${key} is ${header[key]}, not ${expected[key]}`);
    const { dimension } = header;
    const ids = new Uint32Array(header.count);
    const vectors = intoMemory ? new Float32Array(header.count * dimension) : undefined;
    const parts = [{ at: headBytes + header.count * dimension * 4, bytes: bytesOf(ids) }];
    if (vectors) parts.push({ at: headBytes, bytes: bytesOf(vectors) });
    const { size } = await file.stat();
    const sum = await checksumOf(file, size - 4, (piece, at) => {
      for (const part of parts) {
        const from = Math.max(at, part.at);
        const to = Math.min(at + piece.length, part.at + part.bytes.length);
        if (from < to) part.bytes.set(piece.subarray(from - at, to - at), from - part.at);
      }
    });
    const tail = Buffer.alloc(4);
    await file.read(tail, 0, 4, size - 4);
    if (tail.readUInt32LE() !== sum || sum !== expected.crc32)
      throw new UnusableFile(`${path}: wrong checksum`);
    return new FileRows(path, file, header, ids, vectors);
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** The ids of a rows file, read alone: its checksum is not looked at. @throws {UnusableFile} */
export async function readRowIds(path: string): Promise<Uint32Array> {
  const file = await open(path, 'r').catch((cause) => {
    throw new UnusableFile(`${path}: cannot be opened`, { cause });
  });
  try {
    const { count, dimension } = await readHeader(path, file);
    const ids = new Uint32Array(count);
    const bytes = bytesOf(ids);
    const { bytesRead } = await file.read(bytes, 0, bytes.length, headBytes + count * dimension * 4);
    if (bytesRead < bytes.length) throw new UnusableFile(`${path}: cut off`);
    return ids;
  } finally {
    await file.close();
  }
}

/** What a rows file says that it is. Its checksum has not been looked at. */
async function readHeader(path: string, file: FileHandle): Promise<RowsHeader> {
  const { size } = await file.stat();
  if (size < headBytes + tailBytes) throw new UnusableFile(`${path}: cut off`);
  const head = Buffer.alloc(8);
  await file.read(head, 0, 8, 0);
  if (head.toString('latin1', 0, 4) !== magic) throw new UnusableFile(`${path}: no rows file`);
  if (head.readUInt32LE(4) !== version) throw new UnusableFile(`${path}: another version`);
  const tail = Buffer.alloc(tailBytes);
  await file.read(tail, 0, tailBytes, size - tailBytes);
  const length = tail.readUInt32LE(0);
  if (length > size - headBytes - tailBytes) throw new UnusableFile(`${path}: damaged at its end`);
  const text = Buffer.alloc(length);
  await file.read(text, 0, length, size - tailBytes - length);
  const header = parsed(text.toString());
  if (!Value.Check(RowsHeader, header)) throw new UnusableFile(`${path}: damaged at its end`);
  const expected = headBytes + header.count * (header.dimension + 1) * 4 + length + tailBytes;
  if (size !== expected) throw new UnusableFile(`${path}: ${size} bytes instead of ${expected}`);
  return header;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Bound on what is read at once to pick rows from, in elements (1 MB). */
const windowLength = 2 ** 18;
/** A read of a row costs as much as this many bytes that are read in one piece. */
const bytesPerRead = 2 ** 13;
/** Rows that searches have read so much of are kept in memory, unless there are more of them than this. */
export const mostBytesInMemory = 2 ** 30;

/**
 * The rows of a file that does not change. Only ids are in memory; vectors are read as they are asked for, until that has cost
 * as much as reading all of them would have.
 */
export class FileRows implements RowStore {
  private bytesRead = 0;

  constructor(
    readonly path: string,
    private readonly file: FileHandle,
    readonly header: RowsHeader,
    readonly ids: Uint32Array,
    private loaded?: Float32Array,
  ) {}

  get dimension(): number {
    return this.header.dimension;
  }

  get count(): number {
    return this.header.count;
  }

  get matrix(): Float32Array | undefined {
    return this.loaded;
  }

  block(from: number, to: number, scratch: () => Float32Array): Float32Array {
    const { dimension } = this;
    if (this.loaded) return this.loaded.subarray(from * dimension, to * dimension);
    const block = scratch().subarray(0, (to - from) * dimension);
    this.read(block, from);
    return block;
  }

  gather(rows: Uint32Array, into: Float32Array): void {
    const { dimension } = this;
    if (this.loaded) {
      gatherRows(this.loaded, dimension, rows, into);
      return;
    }
    for (let from = 0; from < rows.length; ) {
      const first = rows[from]!;
      let to = from + 1;
      while (to < rows.length && (rows[to]! - first + 1) * dimension <= windowLength) to++;
      const span = rows[to - 1]! - first + 1;
      const some = rows.subarray(from, to);
      const target = into.subarray(from * dimension, to * dimension);
      if (some.length * 16 > span && span > some.length) {
        // They lie close together: one read of all between them costs less than many.
        const window = new Float32Array(span * dimension);
        this.read(window, first);
        gatherRows(
          window,
          dimension,
          some.map((row) => row - first),
          target,
        );
      } else
        forRuns(some, (row, length, at) =>
          this.read(target.subarray(at * dimension, (at + length) * dimension), row),
        );
      from = to;
    }
  }

  /**
   * Reads all vectors, if enough have been read by now that this would have been worth it.
   * @param most not if they are more bytes than this
   */
  loadIfWorthIt(most = mostBytesInMemory): void {
    const bytes = this.count * this.dimension * 4;
    if (this.loaded || this.bytesRead < bytes || bytes > most) return;
    const vectors = new Float32Array(this.count * this.dimension);
    this.read(vectors, 0);
    this.loaded = vectors;
  }

  close(): Promise<void> {
    return this.file.close();
  }

  private read(into: Float32Array, row: number): void {
    const bytes = bytesOf(into);
    const from = headBytes + row * this.dimension * 4;
    for (let done = 0; done < bytes.length; ) {
      const length = Math.min(bytes.length - done, 2 ** 26);
      const read = readSync(this.file.fd, bytes, done, length, from + done);
      if (read === 0) throw new UnusableFile(`${this.path}: has become shorter`);
      done += read;
    }
    this.bytesRead += Math.max(bytes.length, bytesPerRead);
  }
}

function bytesOf(array: Float32Array | Uint32Array): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}
