import { type PerceptualPrint, printSide } from './perceptual-hash.js';

const hashBytes = 8;
const lumaBytes = printSide * printSide;
const chromaBytes = 128;

/** Length of a print as bytes. */
export const printBytes = hashBytes + lumaBytes + chromaBytes;

/** A print as bytes, to be kept: the hash, two uint32 little-endian; luma; chroma. */
export function encodePrint({ hash, luma, chroma }: PerceptualPrint): Uint8Array {
  const bytes = new Uint8Array(printBytes);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, hash[0], true);
  view.setUint32(4, hash[1], true);
  bytes.set(luma, hashBytes);
  bytes.set(new Uint8Array(chroma.buffer, chroma.byteOffset, chromaBytes), hashBytes + lumaBytes);
  return bytes;
}

/** The print that these bytes are; `undefined` where they are of another length. */
export function decodePrint(bytes: Uint8Array): PerceptualPrint | undefined {
  if (bytes.length !== printBytes) return undefined;
  // A copy: what a database hands out is a part of something larger. (Of a Buffer, slice() would be none.)
  const own = Uint8Array.from(bytes);
  const view = new DataView(own.buffer);
  return {
    hash: [view.getUint32(0, true), view.getUint32(4, true)],
    luma: own.subarray(hashBytes, hashBytes + lumaBytes),
    chroma: new Int8Array(own.buffer, hashBytes + lumaBytes, chromaBytes),
  };
}
