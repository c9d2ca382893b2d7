import type { Size } from './image.js';

const [startOfScan, endOfImage] = [0xda, 0xd9];
/** Huffman coded: baseline, extended, progressive. */
const ordinaryFrames = [0xc0, 0xc1, 0xc2];
const huffmanTables = 0xc4;
const quantizationTables = 0xdb;
const restartInterval = 0xdd;
const comment = 0xfe;
/** JFIF, ICC profiles (which do not change the size), what Photoshop notes, Adobe's colour transform. */
const harmlessApplications = [0xe0, 0xe2, 0xed, 0xee];
const harmless: ReadonlySet<number> = new Set([
  huffmanTables,
  quantizationTables,
  restartInterval,
  comment,
  ...harmlessApplications,
]);

/**
 * The size of an ordinary JPEG, upright, read off its header: asking libvips means to open the file once more, which for a
 * small picture costs a fifth of decoding it. Undefined of all that is not ordinary, as libvips knows best: where there may
 * be an orientation (APP1, which holds EXIF), 12 bits, arithmetic or lossless coding, no size, or something amiss.
 */
export function ordinaryJpegSize(bytes: Uint8Array): Size | undefined {
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) return undefined;
  let size: Size | undefined;
  // Up to the first scan: behind the frame there may still be an orientation.
  for (let at = 2; at + 4 <= bytes.length; ) {
    const [prefix, marker] = [bytes[at]!, bytes[at + 1]!];
    if (prefix !== 0xff || marker === endOfImage) return undefined;
    if (marker === startOfScan) return size;
    const length = bytes[at + 2]! * 256 + bytes[at + 3]!;
    if (ordinaryFrames.includes(marker)) {
      if (size !== undefined || length < 8 || at + 10 > bytes.length) return undefined;
      const [bits, height, width] = [
        bytes[at + 4]!,
        bytes[at + 5]! * 256 + bytes[at + 6]!,
        bytes[at + 7]! * 256 + bytes[at + 8]!,
      ];
      if (bits !== 8 || height === 0 || width === 0) return undefined;
      size = { width, height };
    } else if (!harmless.has(marker) || length < 2) return undefined;
    at += 2 + length;
  }
  return undefined;
}
