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

const kinds: [string, () => Promise<Buffer>][] = [
  ['in colours', () => picture().jpeg().toBuffer()],
  ['without subsampling', () => picture().jpeg({ chromaSubsampling: '4:4:4' }).toBuffer()],
  ['of the highest quality', () => picture().jpeg({ quality: 100 }).toBuffer()],
  ['in grey', () => picture().grayscale().jpeg().toBuffer()],
  ['of one pixel', () => picture(1, 1).jpeg().toBuffer()],
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
  it('gives the pixels that libvips gives', async () => {
    const decoder = new SmallJpegDecoder();
    for (const [, make] of kinds) await expectAsByLibvips(decoder, await make());
  });

  it('gives nothing of a file that is cut off, wherever, and goes on', async () => {
    const bytes = await picture().jpeg().toBuffer();
    const decoder = new SmallJpegDecoder();
    for (let length = 0; length < bytes.length; length += 7)
      expect(await decoder.decode(bytes.subarray(0, length))).toBeUndefined();
    await expectAsByLibvips(decoder, bytes);
  });

  it('starts anew before refused files have filled its memory', async () => {
    const bytes = await picture(9, 9).jpeg().toBuffer();
    const decoder = new SmallJpegDecoder();
    for (let file = 0; file < 2500; file++) await decoder.decode(bytes.subarray(0, bytes.length - 2));
    await expectAsByLibvips(decoder, bytes);
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
