import { type PerceptualPrint, printSide } from './perceptual-hash.js';

const hashBytes = 8;
const lumaBytes = printSide * printSide;
const chromaBytes = 128;

/** Bytes of a print. */
export const printLength = hashBytes + lumaBytes + chromaBytes;

/** A print as bytes: the two words of its hash (uint32, little endian), luma (1024 uint8), chroma (128 int8). */
export function encodePrint({ hash, luma, chroma }: PerceptualPrint): Uint8Array {
  const bytes = new Uint8Array(printLength);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, hash[0], true);
  view.setUint32(4, hash[1], true);
  bytes.set(luma, hashBytes);
  new Int8Array(bytes.buffer).set(chroma, hashBytes + lumaBytes);
  return bytes;
}

/** @throws RangeError where these are not the bytes of a print */
export function decodePrint(bytes: Uint8Array): PerceptualPrint {
  if (bytes.length !== printLength)
    throw new RangeError(`decodePrint: expected ${printLength} bytes, got ${bytes.length}`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return {
    hash: [view.getUint32(0, true), view.getUint32(4, true)],
    luma: bytes.slice(hashBytes, hashBytes + lumaBytes),
    chroma: new Int8Array(bytes.slice(hashBytes + lumaBytes).buffer),
  };
}
