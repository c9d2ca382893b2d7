import { describe, expect, it } from 'vitest';
import { type BmpPicture, makeBmp } from '../../test/fixtures/make-bmp.js';
import { decodeBmp } from './bmp.js';
import { decodeImage } from './decode.js';

const limit = 1e6;
/** Odd sides, so that rows do not end where bytes and words do. */
const [width, height] = [13, 5];
const index = (x: number, y: number) => x * 7 + y * 11;

/** What the picture is, from the top, by a function of each pixel's place. */
function expected(colourAt: (x: number, y: number) => readonly number[]): number[] {
  return Array.from({ length: width * height }, (_, i) => colourAt(i % width, Math.floor(i / width))).flat();
}

const colours = (count: number) =>
  Array.from({ length: count }, (_, i) => [(i * 37 + 5) % 256, (i * 91) % 256, 255 - i] as const);

describe('a BMP file', () => {
  for (const bits of [1, 2, 4, 8] as const)
    for (const header of [12, 40, 124] as const)
      for (const fromTop of header === 12 ? [false] : [false, true])
        it(`of ${bits} bits, a header of ${header} bytes and rows from the ${fromTop ? 'top' : 'bottom'}`, () => {
          const palette = colours(2 ** bits);
          const at = (x: number, y: number) => index(x, y) % palette.length;
          const picture = decodeBmp(makeBmp({ width, height, bits, at, palette, fromTop, header }), limit);
          expect(picture).toMatchObject({ width, height, channels: 3 });
          expect([...picture.data]).toEqual(expected((x, y) => palette[at(x, y)]!));
        });

  it.each([24, 32] as const)('of %i bits, blue first', (bits) => {
    const colour = (x: number, y: number) => [x * 19, y * 50, (x * y * 5) % 256];
    const at = (x: number, y: number) => {
      const [red, green, blue] = colour(x, y) as [number, number, number];
      // The fourth byte of 32 bits means nothing.
      return (0x55000000 | (red << 16) | (green << 8) | blue) >>> 0;
    };
    for (const fromTop of [false, true]) {
      const picture = decodeBmp(makeBmp({ width, height, bits, at, fromTop }), limit);
      expect(picture.channels).toBe(3);
      expect([...picture.data]).toEqual(expected(colour));
    }
  });

  it.each([
    ['16 bits: 5, 5, 5', 16, undefined, [10, 5, 0], [31, 31, 31]],
    ['16 bits: 5, 6, 5', 16, [0xf800, 0x07e0, 0x001f], [11, 5, 0], [31, 63, 31]],
    ['16 bits: 4, 4, 4', 16, [0x0f00, 0x00f0, 0x000f], [8, 4, 0], [15, 15, 15]],
    ['32 bits, red lowest', 32, [0xff, 0xff00, 0xff0000], [0, 8, 16], [255, 255, 255]],
    ['32 bits: 10, 10, 10', 32, [0x3ff00000, 0xffc00, 0x3ff], [20, 10, 0], [1023, 1023, 1023]],
  ] as const)('of %s', (_, bits, masks, shifts, levels) => {
    const field = (x: number, y: number, channel: number) =>
      (x * 5 + y * 3 + channel * 7) % (levels[channel]! + 1);
    const at = (x: number, y: number) =>
      shifts.reduce<number>((value, shift, channel) => value + field(x, y, channel) * 2 ** shift, 0);
    const picture: BmpPicture = { width, height, bits, at, masks };
    for (const header of [40, 108] as const) {
      const { data, channels } = decodeBmp(makeBmp({ ...picture, header }), limit);
      expect(channels).toBe(3);
      expect([...data]).toEqual(
        expected((x, y) => [0, 1, 2].map((c) => Math.round((field(x, y, c) * 255) / levels[c]!))),
      );
    }
  });

  it('with a mask for alpha is laid over white; where alpha is zero everywhere, it means nothing', async () => {
    const masks = [0xff0000, 0xff00, 0xff, 0xff000000];
    const half = makeBmp({
      width: 2,
      height: 1,
      bits: 32,
      masks,
      header: 124,
      at: (x) => (x === 0 ? 0x80ff0000 : 0),
    });
    expect([...(await decodeImage(half)).data]).toEqual([255, 127, 127, 255, 255, 255]);
    const clear = makeBmp({ width: 2, height: 1, bits: 32, masks, header: 124, at: () => 0x00ff0080 });
    expect([...(await decodeImage(clear)).data]).toEqual([255, 0, 128, 255, 0, 128]);
  });

  it('with run lengths of 8 bits: runs, single pixels, ends of rows, jumps', () => {
    const palette = colours(256);
    const runs = Uint8Array.of(
      ...[3, 7, 0, 3, 1, 2, 3, 0, 2, 9], // 7 7 7 1 2 3 9 9
      ...[0, 0, 0, 2, 2, 1], // up one row, then 2 to the right and one more up
      ...[6, 5, 0, 1],
    );
    const { data } = decodeBmp(makeBmp({ width: 8, height: 3, bits: 8, at: () => 0, palette, runs }), limit);
    const rows = [
      [0, 0, 5, 5, 5, 5, 5, 5],
      [0, 0, 0, 0, 0, 0, 0, 0],
      [7, 7, 7, 1, 2, 3, 9, 9],
    ];
    expect([...data]).toEqual(rows.flat().flatMap((i) => palette[i]!));
  });

  it('with run lengths of 4 bits, two colours in turn', () => {
    const palette = colours(16);
    const runs = Uint8Array.of(...[5, 0x12, 0, 3, 0x34, 0x50, 0, 0], ...[8, 0xab, 0, 1]);
    const { data } = decodeBmp(makeBmp({ width: 8, height: 2, bits: 4, at: () => 0, palette, runs }), limit);
    const rows = [
      [10, 11, 10, 11, 10, 11, 10, 11],
      [1, 2, 1, 2, 1, 3, 4, 5],
    ];
    expect([...data]).toEqual(rows.flat().flatMap((i) => palette[i]!));
  });

  it('whose runs go beyond their row stays within the picture', () => {
    const palette = colours(256);
    const runs = Uint8Array.of(255, 9, 0, 0, 255, 8, 0, 2, 200, 200, 255, 1, 0, 1);
    const { data } = decodeBmp(makeBmp({ width: 4, height: 2, bits: 8, at: () => 0, palette, runs }), limit);
    expect([...data]).toEqual([8, 8, 8, 8, 9, 9, 9, 9].flatMap((i) => palette[i]!));
  });

  it('may have fewer colours than its bits could name; beyond them is black', () => {
    const palette = colours(3);
    const { data } = decodeBmp(makeBmp({ width: 4, height: 1, bits: 8, at: (x) => x, palette }), limit);
    expect([...data]).toEqual([...palette.flat(), 0, 0, 0]);
  });

  it.each<[string, string, number, number, number]>([
    ['has no pixels', 'a size of 0 × 5', 0, height, 24],
    ['has a negative width', 'a size of -3 × 5', -3, height, 24],
    ['claims gigabytes', 'more than the limit', 2 ** 30, 2 ** 30, 24],
    ['claims rows that are not there', 'before its last row', width, 50_000, 24],
    ['has 7 bits', '7 bits per pixel', width, height, 7],
  ])('that %s is refused: %s', (_, reason, claimedWidth, claimedHeight, bits) => {
    const file = makeBmp({ width, height, bits: 24, at: () => 0 });
    file.writeInt32LE(claimedWidth, 18);
    file.writeInt32LE(claimedHeight, 22);
    file.writeUInt16LE(bits, 28);
    expect(() => decodeBmp(file, limit)).toThrow(reason);
  });

  it('that is cut is refused, wherever it ends', () => {
    const file = makeBmp({ width, height, bits: 8, at: () => 0, palette: colours(4) });
    for (let length = 0; length < file.length - 3; length++)
      expect(() => decodeBmp(file.subarray(0, length), limit), `${length} bytes`).toThrow();
  });

  it('that holds a JPEG is refused', () => {
    const file = makeBmp({ width, height, bits: 24, at: () => 0 });
    file.writeUInt32LE(4, 30);
    expect(() => decodeBmp(file, limit)).toThrow('compression 4');
  });

  it('whose runs end too early is refused', () => {
    const runs = Uint8Array.of(4, 1, 0, 0, 0, 5, 1);
    const file = makeBmp({ width: 8, height: 2, bits: 8, at: () => 0, palette: colours(4), runs });
    expect(() => decodeBmp(file, limit)).toThrow('before its last row');
  });
});
