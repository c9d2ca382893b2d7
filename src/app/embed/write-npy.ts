import type { WrittenEmbeddings } from './embedding-format.js';

/**
 * A NumPy array float32 [rows, dimension] in C order, little-endian: the file that `numpy.load` reads.
 *
 * Source: the format's description, numpy.lib.format, version 1.0.
 */
export async function* npyChunks({ rows, dimension, blocks }: WrittenEmbeddings): AsyncGenerator<Uint8Array> {
  yield npyHeader(rows, dimension);
  for await (const { vectors } of blocks())
    yield new Uint8Array(vectors.buffer, vectors.byteOffset, vectors.byteLength);
}

/** Bytes in front of the header's text: magic, version, length. */
const preambleBytes = 10;

function npyHeader(rows: number, columns: number): Uint8Array {
  const text = `{'descr': '<f4', 'fortran_order': False, 'shape': (${rows}, ${columns}), }`;
  // The array begins at a multiple of 64 bytes, so that it can be mapped into memory.
  const padding = 63 - ((preambleBytes + text.length) % 64);
  const header = Buffer.from(`\x93NUMPY\x01\x00\x00\x00${text}${' '.repeat(padding)}\n`, 'latin1');
  header.writeUInt16LE(header.length - preambleBytes, 8);
  return header;
}
