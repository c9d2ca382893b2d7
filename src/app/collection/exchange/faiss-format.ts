import type { FileHandle } from 'node:fs/promises';
import { ImagekinError } from '../../../core/errors.js';
import type { ExchangeFormat } from './exchange-format.js';
import { damagedFile, openVectors, type VectorStretch } from './vectors-file.js';

/*
 * The layout, as faiss/impl/index_write.cpp writes it, all little-endian:
 *
 *   header    four letters; int32 dimension; int64 vectors; int64 2^20, twice, which stands for nothing; uint8 1 (trained);
 *             int32 metric (0 inner product, 1 squared distance; others are followed by a float32)
 *   flat      header "IxFI" (inner product) or "IxF2" (distance); uint64 numbers; the vectors, float32
 *   with ids  header "IxMp" or "IxM2"; the index inside; uint64 vectors; their ids, int64
 */
const headerBytes = 37;
const flats: readonly string[] = ['IxFI', 'IxF2'];
const maps: readonly string[] = ['IxMp', 'IxM2'];
const wanted =
  'an index of FAISS that holds the vectors themselves: IndexFlatIP or IndexFlatL2, in an IndexIDMap or alone';
const idsAtOnce = 65_536;

/**
 * The file that `faiss.read_index` reads: an IndexFlatIP with the ids of the images (IndexIDMap). What is known of them
 * stands in `<file>.images.jsonl`.
 */
export const faissFormat: ExchangeFormat = {
  extension: '.faiss',
  vectorsOnly: true,
  async *chunks({ images, dimension, blocks }) {
    const numbers = Buffer.alloc(8);
    numbers.writeBigUInt64LE(BigInt(images) * BigInt(dimension));
    yield Buffer.concat([header('IxMp', images, dimension), header('IxFI', images, dimension), numbers]);
    // FAISS wants the ids behind all vectors: eight bytes of each are kept until then.
    const ids: BigInt64Array[] = [];
    for await (const block of blocks()) {
      ids.push(BigInt64Array.from(block.images, ({ id }) => BigInt(id)));
      const { buffer, byteOffset, byteLength } = block.vectors;
      yield new Uint8Array(buffer, byteOffset, byteLength);
    }
    const count = Buffer.alloc(8);
    count.writeBigUInt64LE(BigInt(images));
    yield count;
    for (const some of ids) yield new Uint8Array(some.buffer);
  },

  open: (path) => openVectors(path, layoutOf),
};

function header(letters: string, rows: number, dimension: number): Buffer {
  const bytes = Buffer.alloc(headerBytes);
  bytes.write(letters, 'latin1');
  bytes.writeInt32LE(dimension, 4);
  bytes.writeBigInt64LE(BigInt(rows), 8);
  bytes.writeBigInt64LE(2n ** 20n, 16);
  bytes.writeBigInt64LE(2n ** 20n, 24);
  bytes.writeUInt8(1, 32);
  return bytes;
}

async function layoutOf(file: FileHandle, path: string): Promise<VectorStretch> {
  const { size } = await file.stat();
  const read = async (at: number, length: number) => {
    const bytes = Buffer.alloc(length);
    const { bytesRead } = await file.read(bytes, 0, length, at);
    if (bytesRead < length) throw damagedFile(path, wanted, 'a file that ends too early');
    return bytes;
  };
  const outer = await read(0, headerBytes);
  const isMap = maps.includes(letters(outer));
  const at = isMap ? headerBytes : 0;
  const flat = isMap ? await read(at, headerBytes) : outer;
  if (!flats.includes(letters(flat))) throw otherIndex(path, letters(flat));
  const dimension = flat.readInt32LE(4);
  const rows = Number(flat.readBigInt64LE(8));
  const offset = at + headerBytes + 8;
  const numbers = Number((await read(offset - 8, 8)).readBigUInt64LE());
  const end = offset + 4 * numbers;
  if (dimension < 1 || numbers !== rows * dimension || end > size)
    throw damagedFile(path, wanted, `${size} bytes, where it says ${rows} vectors of ${dimension} numbers`);
  const stretch = {
    offset,
    rows,
    dimension,
    bytesEach: 4,
    numbers: (bytes: Buffer) => new Float32Array(Uint8Array.from(bytes).buffer),
  };
  if (!isMap) return { ...stretch, idOf: (row) => row };
  const ids = new BigInt64Array(rows);
  for (let first = 0; first < rows; first += idsAtOnce) {
    const count = Math.min(idsAtOnce, rows - first);
    const bytes = await read(end + 8 + 8 * first, 8 * count);
    for (let i = 0; i < count; i++) ids[first + i] = bytes.readBigInt64LE(8 * i);
  }
  return { ...stretch, idOf: (row) => String(ids[row]) };
}

function letters(bytes: Buffer): string {
  return bytes.toString('latin1', 0, 4);
}

function otherIndex(where: string, got: string): ImagekinError {
  return new ImagekinError('source-damaged', {
    where,
    expected: wanted,
    got: /^[\w ]{4}$/.test(got) ? `one of the kind ${got}` : 'another kind of file',
    fix: 'write the vectors to such an index, or to a .npy file',
  });
}
