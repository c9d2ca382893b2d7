import type { RawPicture } from './raw-picture.js';

/**
 * Decodes a Windows or OS/2 bitmap: 1, 2, 4, 8, 16, 24 or 32 bits, palettes, bit fields, run lengths, rows from the
 * bottom or from the top. (Microsoft, "Bitmap Storage"; the OS/2 1.x and 2.x headers as far as they are used for it.)
 *
 * The fourth byte of 32 bits is alpha only where a mask says so. Run-length pictures that skip pixels show the first
 * colour of the palette there, as most viewers do.
 * @throws Error with a short reason: truncated, too large, a variant that is none of the above
 */
export function decodeBmp(bytes: Uint8Array, maxPixels: number): RawPicture {
  const header = readHeader(bytes);
  const { width, height, bits, compression } = header;
  if (width < 1 || height < 1) throw new Error(`a size of ${width} × ${height}`);
  if (width * height > maxPixels) throw new Error(`${width} × ${height} pixels, more than the limit`);
  const channels = header.masks !== undefined && header.masks[3] !== 0 ? 4 : 3;
  const stride = Math.ceil((width * bits) / 32) * 4;
  // Checked before anything is allocated: a header of a few bytes may claim gigabytes.
  const runs = compression === Compression.rle8 || compression === Compression.rle4;
  if (!runs && bytes.length - header.pixelOffset < stride * (height - 1) + Math.ceil((width * bits) / 8))
    throw new Error('the file ends before its last row');
  const data = new Uint8Array(width * height * channels);
  if (runs) unpackRuns(bytes, header, data);
  else if (bits <= 8) unpackIndices(bytes, header, stride, data);
  else unpackColours(bytes, header, stride, data, channels);
  if (channels === 4) makeOpaqueIfClear(data);
  return { width, height, channels, data };
}

const Compression = { none: 0, rle8: 1, rle4: 2, bitFields: 3, alphaBitFields: 6 } as const;

interface Header {
  readonly width: number;
  readonly height: number;
  readonly fromTop: boolean;
  readonly bits: number;
  readonly compression: number;
  readonly pixelOffset: number;
  /** uint8 [colours, 3] */
  readonly palette: Uint8Array;
  /** Red, green, blue, alpha; given for 16 and 32 bits. */
  readonly masks?: readonly [number, number, number, number];
}

function readHeader(bytes: Uint8Array): Header {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 26) throw new Error('the file ends in its header');
  const pixelOffset = view.getUint32(10, true);
  const size = view.getUint32(14, true);
  if (bytes.length < 14 + Math.min(size, 40)) throw new Error('the file ends in its header');
  if (size === 12) {
    const bits = view.getUint16(24, true);
    expectBits(bits, [1, 2, 4, 8, 24]);
    const palette = readPalette(bytes, 26, Math.min(pixelOffset, bytes.length), 3, bits);
    const [width, height] = [view.getUint16(18, true), view.getUint16(20, true)];
    return { width, height, fromTop: false, bits, compression: Compression.none, pixelOffset, palette };
  }
  if (size < 40 || size > 1024) throw new Error(`a header of ${size} bytes`);
  const signedHeight = view.getInt32(22, true);
  const bits = view.getUint16(28, true);
  const compression = view.getUint32(30, true);
  const colours = view.getUint32(46, true);
  expectCompression(compression, bits, signedHeight < 0);
  const separate = size === 40 && compression === Compression.bitFields ? 12 : 0;
  const separateAlpha = size === 40 && compression === Compression.alphaBitFields ? 16 : 0;
  const behind = 14 + size + separate + separateAlpha;
  const paletteEnd = Math.min(pixelOffset, bytes.length, colours === 0 ? Infinity : behind + colours * 4);
  return {
    width: view.getInt32(18, true),
    height: Math.abs(signedHeight),
    fromTop: signedHeight < 0,
    bits,
    compression,
    pixelOffset,
    palette: readPalette(bytes, behind, paletteEnd, 4, bits),
    masks: readMasks(view, size, bits, compression),
  };
}

/** How many bits per pixel each way of storing them has. */
const bitsOf: Readonly<Record<number, readonly number[]>> = {
  [Compression.none]: [1, 2, 4, 8, 16, 24, 32],
  [Compression.rle8]: [8],
  [Compression.rle4]: [4],
  [Compression.bitFields]: [16, 32],
  [Compression.alphaBitFields]: [16, 32],
};

function expectBits(bits: number, known: readonly number[]): void {
  if (!known.includes(bits)) throw new Error(`${bits} bits per pixel`);
}

function expectCompression(compression: number, bits: number, fromTop: boolean): void {
  const known = bitsOf[compression];
  if (known === undefined) throw new Error(`compression ${compression}`);
  expectBits(bits, known);
  if (fromTop && (compression === Compression.rle8 || compression === Compression.rle4))
    throw new Error('run lengths with rows from the top');
}

function readMasks(
  view: DataView,
  headerSize: number,
  bits: number,
  compression: number,
): Header['masks'] | undefined {
  if (bits !== 16 && bits !== 32) return undefined;
  if (compression === Compression.none)
    return bits === 16 ? [0x7c00, 0x03e0, 0x001f, 0] : [0xff0000, 0xff00, 0xff, 0];
  const withAlpha = headerSize >= 56 || compression === Compression.alphaBitFields;
  if (view.byteLength < (withAlpha ? 70 : 66)) throw new Error('the file ends in its header');
  const mask = (at: number) => view.getUint32(at, true);
  return [mask(54), mask(58), mask(62), withAlpha ? mask(66) : 0];
}

/** Entries are blue, green, red, and a fourth byte that means nothing. */
function readPalette(bytes: Uint8Array, from: number, to: number, entry: number, bits: number): Uint8Array {
  if (bits > 8) return new Uint8Array(0);
  const count = Math.min(2 ** bits, Math.max(0, Math.floor((to - from) / entry)));
  if (count === 0) throw new Error('no palette');
  // Indices beyond the palette are black.
  const palette = new Uint8Array(256 * 3);
  for (let i = 0; i < count; i++)
    for (let channel = 0; channel < 3; channel++)
      palette[i * 3 + channel] = bytes[from + i * entry + 2 - channel]!;
  return palette;
}

function unpackIndices(bytes: Uint8Array, header: Header, stride: number, data: Uint8Array): void {
  const { width, height, bits, palette, pixelOffset, fromTop } = header;
  const perByte = 8 / bits;
  const mask = 2 ** bits - 1;
  for (let row = 0; row < height; row++) {
    const from = pixelOffset + row * stride;
    let to = (fromTop ? row : height - 1 - row) * width * 3;
    for (let x = 0; x < width; x++) {
      const shift = 8 - bits - (x % perByte) * bits;
      const colour = ((bytes[from + Math.floor(x / perByte)]! >> shift) & mask) * 3;
      data[to++] = palette[colour]!;
      data[to++] = palette[colour + 1]!;
      data[to++] = palette[colour + 2]!;
    }
  }
}

function unpackColours(
  bytes: Uint8Array,
  { width, height, bits, pixelOffset, fromTop, masks }: Header,
  stride: number,
  data: Uint8Array,
  channels: 3 | 4,
): void {
  const fields = masks?.slice(0, channels).map(fieldOf);
  const bytesPerPixel = bits / 8;
  for (let row = 0; row < height; row++) {
    let from = pixelOffset + row * stride;
    let to = (fromTop ? row : height - 1 - row) * width * channels;
    for (let x = 0; x < width; x++, from += bytesPerPixel) {
      if (fields === undefined) {
        data[to++] = bytes[from + 2]!;
        data[to++] = bytes[from + 1]!;
        data[to++] = bytes[from]!;
        continue;
      }
      let value = bytes[from]! | (bytes[from + 1]! << 8);
      if (bits === 32) value |= (bytes[from + 2]! << 16) | (bytes[from + 3]! << 24);
      for (const { shift, levels } of fields)
        data[to++] = levels === 0 ? 0 : Math.round(((((value >>> shift) & levels) >>> 0) * 255) / levels);
    }
  }
}

/** Programs that know nothing of alpha leave it zero everywhere. */
function makeOpaqueIfClear(data: Uint8Array): void {
  for (let at = 3; at < data.length; at += 4) if (data[at] !== 0) return;
  for (let at = 3; at < data.length; at += 4) data[at] = 255;
}

/** Where a mask's bits begin, and the greatest value they hold. */
function fieldOf(mask: number): { readonly shift: number; readonly levels: number } {
  if (mask === 0) return { shift: 0, levels: 0 };
  const shift = 31 - Math.clz32(mask & -mask);
  return { shift, levels: mask >>> shift };
}

function unpackRuns(bytes: Uint8Array, header: Header, data: Uint8Array): void {
  const { width, height, bits, palette, pixelOffset } = header;
  const indices = new Uint8Array(width * height);
  let at = pixelOffset;
  let [x, y] = [0, 0];
  const put = (index: number) => {
    // Some encoders write past the end of a row; nothing of it is seen.
    if (x < width && y < height) indices[(height - 1 - y) * width + x] = index;
    x++;
  };
  const next = () => {
    if (at >= bytes.length) throw new Error('the file ends before its last row');
    return bytes[at++]!;
  };
  while (y < height) {
    // Many files leave the end mark out.
    if (at >= bytes.length && y === height - 1 && x >= width) break;
    const count = next();
    const value = next();
    if (count > 0) {
      for (let i = 0; i < count; i++) put(bits === 8 ? value : i % 2 === 0 ? value >> 4 : value & 15);
    } else if (value === 0) {
      x = 0;
      y++;
    } else if (value === 1) {
      break;
    } else if (value === 2) {
      x += next();
      y += next();
    } else {
      const length = bits === 8 ? value : Math.ceil(value / 2);
      for (let i = 0; i < length; i++) {
        const byte = next();
        if (bits === 8) put(byte);
        else {
          put(byte >> 4);
          if (2 * i + 1 < value) put(byte & 15);
        }
      }
      // Stretches of single pixels end at an even place.
      if (length % 2 === 1) at++;
    }
  }
  for (let i = 0; i < indices.length; i++) {
    const colour = indices[i]! * 3;
    data.set(palette.subarray(colour, colour + 3), i * 3);
  }
}
