/** Bytes in front of the header's text: magic, version, length. */
const preambleBytes = 10;

/**
 * What a file of a NumPy array float32 [rows, columns] begins with, in C order, little-endian: the numbers follow.
 *
 * Source: the format's description, numpy.lib.format, version 1.0.
 */
export function npyHeader(rows: number, columns: number): Uint8Array {
  const text = `{'descr': '<f4', 'fortran_order': False, 'shape': (${rows}, ${columns}), }`;
  // The array begins at a multiple of 64 bytes, so that it can be mapped into memory.
  const padding = 63 - ((preambleBytes + text.length) % 64);
  const header = Buffer.from(`\x93NUMPY\x01\x00\x00\x00${text}${' '.repeat(padding)}\n`, 'latin1');
  header.writeUInt16LE(header.length - preambleBytes, 8);
  return header;
}
