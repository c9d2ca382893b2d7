import type { FileHandle } from 'node:fs/promises';
import { npyHeader } from '../../formats/npy-header.js';
import type { ExchangeFormat } from './exchange-format.js';
import { damagedFile, openVectors, type VectorStretch } from './vectors-file.js';

/** The types of numbers that are read, and how long they are. */
const types = { '<f4': 4, '<f8': 8 } as const;
const wanted = 'a NumPy array of float32 or float64 with two axes in C order';

/** A NumPy array float32 [images, dimension]; what the rows are of stands in `<file>.images.jsonl`. */
export const npyFormat: ExchangeFormat = {
  extension: '.npy',
  vectorsOnly: true,
  async *chunks({ images, dimension, blocks }) {
    yield npyHeader(images, dimension);
    for await (const { vectors } of blocks())
      yield new Uint8Array(vectors.buffer, vectors.byteOffset, vectors.byteLength);
  },

  open: (path) => openVectors(path, headerOf),
};

/** Source: the format's description, numpy.lib.format, versions 1.0 to 3.0. */
async function headerOf(file: FileHandle, path: string): Promise<VectorStretch> {
  const begin = Buffer.alloc(12);
  await file.read(begin, 0, 12, 0);
  if (begin.toString('latin1', 0, 6) !== '\x93NUMPY') throw damagedFile(path, wanted, 'another kind of file');
  const isFirst = begin[6] === 1;
  const at = isFirst ? 10 : 12;
  const length = isFirst ? begin.readUInt16LE(8) : begin.readUInt32LE(8);
  const header = Buffer.alloc(Math.min(length, 65_536));
  await file.read(header, 0, header.length, at);
  const text = header.toString('latin1');
  const [, type = 'numbers of no type'] = /'descr':\s*'([^']*)'/.exec(text) ?? [];
  const [, rows, dimension] = /'shape':\s*\((\d+),\s*(\d+),?\s*\)/.exec(text) ?? [];
  if (!Object.hasOwn(types, type)) throw damagedFile(path, wanted, `one of ${type}`);
  if (!/'fortran_order':\s*False/.test(text)) throw damagedFile(path, wanted, 'one in Fortran order');
  if (rows === undefined || Number(dimension) === 0) throw damagedFile(path, wanted, 'one of another shape');
  return {
    offset: at + length,
    rows: Number(rows),
    dimension: Number(dimension),
    bytesEach: types[type as keyof typeof types],
    numbers: (bytes) => numbersOf(bytes, type as keyof typeof types),
    idOf: (row) => row,
  };
}

function numbersOf(bytes: Buffer, type: keyof typeof types): Float32Array {
  const { buffer, byteOffset, byteLength } = bytes;
  const own =
    byteOffset % 8 === 0 ? buffer.slice(byteOffset, byteOffset + byteLength) : Uint8Array.from(bytes).buffer;
  return type === '<f4' ? new Float32Array(own) : Float32Array.from(new Float64Array(own));
}
