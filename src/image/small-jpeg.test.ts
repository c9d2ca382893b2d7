import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { drawnImage } from '../../test/fixtures/make-image.js';
import { realData } from '../../test/fixtures/real-data.js';
import { decodeImage } from './decode.js';
import { SmallJpegDecoder, smallJpegSize } from './small-jpeg.js';

const picture = (width = 70, height = 41) =>
  drawnImage(width, height, (x, y) => [(x * 3) % 256, (y * 5) % 256, (x * y) % 256]);

/** sharp writes none of the segments that say what the components mean. */
async function withSegments(...segments: Buffer[]): Promise<Buffer> {
  const bytes = await picture().jpeg({ chromaSubsampling: '4:4:4' }).toBuffer();
  return Buffer.concat([bytes.subarray(0, 2), ...segments, bytes.subarray(2)]);
}

const segment = (marker: number, text: string) =>
  Buffer.from([0xff, marker, 0, text.length + 2, ...Buffer.from(text, 'latin1')]);
/** YCbCr. */
const jfif = segment(0xe0, 'JFIF\0\x01\x01\0\0\x01\0\x01\0\0');
/** Its colour transform: 0 for none, 1 for YCbCr. */
const adobe = (transform: number) => segment(0xee, `Adobe\0\x64\0\0\0\0${String.fromCharCode(transform)}`);

async function withComponents(...ids: number[]): Promise<Buffer> {
  const bytes = await withSegments();
  const frame = bytes.indexOf(Buffer.from([0xff, 0xc0]));
  const scan = bytes.indexOf(Buffer.from([0xff, 0xda]));
  for (const [i, id] of ids.entries()) {
    bytes[frame + 10 + 3 * i] = id;
    bytes[scan + 5 + 2 * i] = id;
  }
  return bytes;
}

const kinds: [string, () => Promise<Buffer>][] = [
  ['in colours', () => picture().jpeg().toBuffer()],
  ['without subsampling', () => picture().jpeg({ chromaSubsampling: '4:4:4' }).toBuffer()],
  ['of the highest quality', () => picture().jpeg({ quality: 100 }).toBuffer()],
  ['in grey', () => picture().grayscale().jpeg().toBuffer()],
  ['of one pixel', () => picture(1, 1).jpeg().toBuffer()],
  ['in YCbCr, as JFIF says', () => withSegments(jfif)],
  ['in YCbCr, as Adobe says', () => withSegments(adobe(1))],
  ['in RGB, as Adobe says', () => withSegments(adobe(0))],
  ['in YCbCr, as JFIF says, whatever Adobe says', () => withSegments(jfif, adobe(0))],
  ['in RGB by the names of its components', () => withComponents(82, 71, 66)],
  ['with components of other names', () => withComponents(7, 8, 9)],
  ['that says sRGB', () => picture().withIccProfile('srgb').jpeg().toBuffer()],
  ['of many pixels', () => picture(1024, 512).jpeg().toBuffer()],
];

async function expectAsByLibvips(decoder: SmallJpegDecoder, bytes: Uint8Array): Promise<void> {
  const image = (await decoder.decode(bytes))!;
  const expected = await decodeImage(bytes);
  expect([image.width, image.height]).toEqual([expected.width, expected.height]);
  expect(Buffer.compare(image.data, expected.data)).toBe(0);
}

describe('the size of a small JPEG', () => {
  it.each(kinds)('is told of one %s', async (_, make) => {
    const bytes = await make();
    const { width, height } = await sharp(bytes).metadata();
    expect(smallJpegSize(bytes)).toEqual({ width, height });
  });

  it.each<[string, () => Promise<Buffer>]>([
    ['large', () => picture(1024, 513).jpeg().toBuffer()],
    ['progressive', () => picture().jpeg({ progressive: true }).toBuffer()],
    ['in inks', () => picture().toColourspace('cmyk').jpeg().toBuffer()],
    ['one with a colour profile', () => picture().withIccProfile('p3').jpeg().toBuffer()],
    ['one to be turned', () => picture().withMetadata({ orientation: 6 }).jpeg().toBuffer()],
    ['a PNG', () => picture().png().toBuffer()],
    [
      'much longer than its pixels',
      async () => Buffer.concat([await picture().jpeg().toBuffer(), Buffer.alloc(80_000)]),
    ],
    ['long', async () => Buffer.concat([await picture().jpeg().toBuffer(), Buffer.alloc(2 ** 20)])],
  ])('is not told where it is %s', async (_, make) => {
    expect(smallJpegSize(await make())).toBeUndefined();
  });

  it('is not told where the first scan does not hold all components', async () => {
    const bytes = await picture().jpeg().toBuffer();
    bytes[bytes.indexOf(Buffer.from([0xff, 0xda])) + 4] = 1;
    expect(smallJpegSize(bytes)).toBeUndefined();
  });
});

describe('SmallJpegDecoder', () => {
  const decoderOfAll = new SmallJpegDecoder();
  it.each(kinds)('gives the pixels that libvips gives of one %s', async (_, make) => {
    await expectAsByLibvips(decoderOfAll, await make());
  });

  it('gives nothing of a file that is cut off, wherever, and goes on', async () => {
    const bytes = await picture().jpeg().toBuffer();
    const decoder = new SmallJpegDecoder();
    for (let length = 0; length < bytes.length; length += 7)
      expect(await decoder.decode(bytes.subarray(0, length))).toBeUndefined();
    await expectAsByLibvips(decoder, bytes);
  });

  it('starts anew before refused files have used up its stack', async () => {
    const bytes = await picture(9, 9).jpeg().toBuffer();
    const decoder = new SmallJpegDecoder();
    const expected = await decodeImage(bytes);
    for (let file = 0; file < 5000; file++) {
      expect(await decoder.decode(bytes.subarray(0, bytes.length - 2))).toBeUndefined();
      // Each of them: the one that finds nothing left would be refused.
      const { data } = (await decoder.decode(bytes))!;
      expect(Buffer.compare(data, expected.data)).toBe(0);
    }
  });

  it('takes no damaged file that libvips refuses', async () => {
    const intact = await picture().jpeg().toBuffer();
    const decoder = new SmallJpegDecoder();
    let taken = 0;
    const places = fc.array(fc.tuple(fc.nat(intact.length - 1), fc.nat(255)), {
      minLength: 1,
      maxLength: 3,
    });
    await fc.assert(
      fc.asyncProperty(places, async (changes) => {
        const bytes = Buffer.from(intact);
        for (const [at, value] of changes) bytes[at] = value;
        if (smallJpegSize(bytes) === undefined) return;
        const image = await decoder.decode(bytes);
        if (image === undefined) return;
        taken++;
        const expected = await decodeImage(bytes);
        expect([image.width, image.height]).toEqual([expected.width, expected.height]);
      }),
      { numRuns: 500, seed: 1 },
    );
    expect(taken).toBeGreaterThan(100);
  });

  const photos = [realData('data', 'photos'), realData('data', 'photos-large')];
  it.skipIf(photos.some(({ absent }) => absent))(
    'gives the pixels that libvips gives of photographs',
    async () => {
      const decoder = new SmallJpegDecoder();
      let small = 0;
      for (const { path } of photos) {
        const entries = await readdir(path, { withFileTypes: true, recursive: true });
        for (const entry of entries.filter((found) => found.isFile())) {
          const bytes = await readFile(join(entry.parentPath, entry.name));
          if (smallJpegSize(bytes) === undefined) continue;
          small++;
          await expectAsByLibvips(decoder, bytes);
        }
      }
      expect(small).toBeGreaterThan(600);
    },
  );
});
