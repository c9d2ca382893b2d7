import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import sharp, { type Sharp } from 'sharp';
import { describe, expect, it } from 'vitest';
import { makeBmp } from '../../test/fixtures/make-bmp.js';
import { adobeRgb, makeIccProfile, toSrgb } from '../../test/fixtures/make-icc-profile.js';
import { type Colour, drawnImage, flatImage } from '../../test/fixtures/make-image.js';
import { temporaryDirectory } from '../../test/fixtures/temporary-directory.js';
import { naiveResample } from '../../test/oracle/resample.js';
import { decodeImage, decodeImageTo } from './decode.js';
import type { Image } from './image.js';
import { tiffOf } from './raw-picture.js';
import type { ResizeFilter } from './resize-rule.js';

const red: Colour = [200, 30, 40];
const green: Colour = [30, 190, 60];
const blue: Colour = [20, 40, 210];
const yellow: Colour = [230, 220, 30];

/** 32 × 16: red, green above blue, yellow. */
const quarters = () =>
  drawnImage(
    32,
    16,
    (x, y) =>
      [
        [red, green],
        [blue, yellow],
      ][y >> 3]![x >> 4]!,
  );

function colourAt({ data, width }: Image, x: number, y: number): number[] {
  return [...data.subarray((y * width + x) * 3, (y * width + x) * 3 + 3)];
}

function expectNear(colour: readonly number[], expected: readonly number[], tolerance: number): void {
  expect(colour).toHaveLength(3);
  for (const [channel, value] of colour.entries())
    expect(Math.abs(value - expected[channel]!), `${colour} for ${expected}`).toBeLessThanOrEqual(tolerance);
}

/** Colours in the middles of the quarters, named by what they are nearest to: r, g, b or y. */
function corners(image: Image): string {
  const named = Object.entries({ r: red, g: green, b: blue, y: yellow });
  return [
    [1, 1],
    [3, 1],
    [1, 3],
    [3, 3],
  ]
    .map(([x, y]) => colourAt(image, Math.floor((image.width * x!) / 4), Math.floor((image.height * y!) / 4)))
    .map((colour) => {
      const distance = (other: Colour) => Math.hypot(...other.map((value, c) => value - colour[c]!));
      return named.sort(([, a], [, b]) => distance(a) - distance(b))[0]![0];
    })
    .join('');
}

async function bmpOf(picture: Sharp): Promise<Buffer> {
  const { data, info } = await picture.raw().toBuffer({ resolveWithObject: true });
  const { width, height } = info;
  const at = (x: number, y: number) => data.readUIntBE((y * width + x) * 3, 3);
  return makeBmp({ width, height, bits: 24, at });
}

/** Smooth and sharp things, as a photograph has them. */
function photoLike(width: number, height: number) {
  return drawnImage(width, height, (x, y) => {
    const stripes = (x >> 3) % 2 === (y >> 4) % 2 ? 60 : 0;
    const wave = Math.sin(x / 9) * Math.cos(y / 14);
    return [
      Math.round(100 + 90 * wave + stripes),
      Math.round(40 + (170 * x) / width),
      Math.round((200 * y) / height + ((x * 7 + y * 13) % 32)),
    ];
  });
}

function meanDifference(data: Uint8Array, expected: readonly number[]): number {
  expect(data).toHaveLength(expected.length);
  return data.reduce((sum, value, at) => sum + Math.abs(value - expected[at]!), 0) / data.length;
}

describe('decoding', () => {
  it.each([
    ['JPEG', () => quarters().jpeg({ quality: 95, chromaSubsampling: '4:4:4' }), 6],
    ['progressive JPEG', () => quarters().jpeg({ quality: 95, progressive: true }), 8],
    ['PNG', () => quarters().png(), 0],
    ['interlaced PNG', () => quarters().png({ progressive: true }), 0],
    ['lossless WebP', () => quarters().webp({ lossless: true }), 0],
    ['GIF', () => quarters().gif(), 4],
    ['TIFF', () => quarters().tiff({ compression: 'lzw' }), 0],
    ['AVIF', () => quarters().avif({ quality: 90, chromaSubsampling: '4:4:4' }), 6],
    ['PNG with a palette', () => quarters().png({ palette: true }), 4],
    ['BMP', () => bmpOf(quarters()), 0],
    ['PNG of 16 bits', () => quarters().toColourspace('rgb16').png(), 1],
  ])('reads a %s', async (_, make, tolerance) => {
    const made = await make();
    const image = await decodeImage(Buffer.isBuffer(made) ? made : await made.toBuffer());
    expect([image.width, image.height, image.data.length]).toEqual([32, 16, 32 * 16 * 3]);
    expectNear(colourAt(image, 7, 3), red, tolerance);
    expectNear(colourAt(image, 24, 3), green, tolerance);
    expectNear(colourAt(image, 7, 12), blue, tolerance);
    expectNear(colourAt(image, 24, 12), yellow, tolerance);
  });

  it('reads a file by its path, whatever its name ends in', async () => {
    const path = join(await temporaryDirectory(), 'picture.jpg');
    await writeFile(path, await quarters().png().toBuffer());
    expect(corners(await decodeImage(path))).toBe('rgby');
  });

  it('draws an SVG in its own size', async () => {
    const svg =
      '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="4"><rect width="4" height="4"/></svg>';
    const image = await decodeImage(Buffer.from(svg));
    expect([image.width, image.height]).toEqual([8, 4]);
    expect([colourAt(image, 1, 1), colourAt(image, 6, 1)]).toEqual([
      [0, 0, 0],
      [255, 255, 255],
    ]);
  });

  it('shows the first frame of an animation', async () => {
    const frames = [red, green, blue].map((colour) => flatImage(8, 8, colour).png().toBuffer());
    const animation = sharp(await Promise.all(frames), { join: { animated: true } });
    for (const bytes of [
      await animation.gif().toBuffer(),
      await animation.webp({ lossless: true }).toBuffer(),
    ]) {
      expect((await sharp(bytes).metadata()).pages).toBe(3);
      const image = await decodeImage(bytes);
      expect([image.width, image.height]).toEqual([8, 8]);
      expectNear(colourAt(image, 4, 4), red, 6);
    }
  });

  it.each([
    ['a grey JPEG', () => flatImage(4, 4, [120, 120, 120]).grayscale().jpeg()],
    ['a grey PNG', () => flatImage(4, 4, [120, 120, 120]).toColourspace('b-w').png()],
    ['a grey PNG of 16 bits', () => flatImage(4, 4, [120, 120, 120]).toColourspace('grey16').png()],
    ['a PNG of one bit', () => flatImage(4, 4, [255, 255, 255]).png({ palette: true, colours: 2 })],
  ])('gives three equal channels for %s', async (_, make) => {
    const image = await decodeImage(await make().toBuffer());
    expect(image.data).toHaveLength(48);
    const [r, g, b] = colourAt(image, 1, 2);
    expect([g, b]).toEqual([r, r]);
    expect(Math.min(Math.abs(r! - 120), Math.abs(r! - 255))).toBeLessThanOrEqual(2);
  });

  it.each(['jpeg', 'tiff'] as const)('turns a CMYK %s into red where it is red', async (format) => {
    const bytes = await flatImage(8, 8, [255, 0, 0]).toColourspace('cmyk').toFormat(format).toBuffer();
    expect((await sharp(bytes).metadata()).channels).toBe(4);
    expectNear(colourAt(await decodeImage(bytes), 4, 4), [235, 10, 10], 30);
  });

  it('applies a colour profile', async () => {
    const bytes = await flatImage(8, 8, [0, 255, 0]).withIccProfile('p3').png().toBuffer();
    expect((await sharp(bytes).metadata()).hasProfile).toBe(true);
    expectNear(colourAt(await decodeImage(bytes), 4, 4), [0, 255, 0], 4);
  });

  it.each(['jpeg', 'png', 'webp', 'tiff', 'avif'] as const)(
    'applies a profile of Adobe RGB in a %s',
    async (format) => {
      const colour = [150, 120, 60];
      const data = Uint8Array.from({ length: 16 * 16 * 3 }, (_, at) => colour[at % 3]!);
      const tagged = tiffOf({ width: 16, height: 16, channels: 3, data, profile: makeIccProfile(adobeRgb) });
      const options = { quality: 100, chromaSubsampling: '4:4:4' };
      const bytes =
        format === 'tiff'
          ? tagged
          : await sharp(tagged).keepIccProfile().toFormat(format, options).toBuffer();
      expect((await sharp(bytes).metadata()).hasProfile).toBe(true);
      const expected = toSrgb(colour, adobeRgb);
      expect(Math.abs(expected[0]! - colour[0]!)).toBeGreaterThan(10);
      expectNear(colourAt(await decodeImage(bytes), 8, 8), expected, 4);
      const { data: small } = await decodeImageTo(bytes, { width: 2, height: 2 });
      expectNear([...small.subarray(0, 3)], expected, 4);
    },
  );

  it.each([
    ['clear', 0, [255, 255, 255]],
    ['half clear', 0.5, [227, 142, 147]],
    ['opaque', 1, red],
  ])('lays what is %s over white', async (_, alpha, expected) => {
    const [r, g, b] = red;
    const clear = sharp({ create: { width: 4, height: 4, channels: 4, background: { r, g, b, alpha } } });
    for (const bytes of [
      await clear.clone().png().toBuffer(),
      await clear.clone().webp({ lossless: true }).toBuffer(),
    ])
      expectNear(colourAt(await decodeImage(bytes), 2, 2), expected, 2);
  });

  // What EXIF calls 1 to 8: as it is; mirrored; turned by 180°; flipped; transposed; 90° clockwise; transversed; 90° back.
  it.each([
    [1, 'rgby', 32, 16],
    [2, 'gryb', 32, 16],
    [3, 'ybgr', 32, 16],
    [4, 'byrg', 32, 16],
    [5, 'rbgy', 16, 32],
    [6, 'bryg', 16, 32],
    [7, 'ygbr', 16, 32],
    [8, 'gyrb', 16, 32],
  ])('turns an image of EXIF orientation %i upright', async (orientation, expected, width, height) => {
    for (const format of ['jpeg', 'webp', 'png', 'tiff'] as const) {
      const bytes = await quarters().withMetadata({ orientation }).toFormat(format).toBuffer();
      const image = await decodeImage(bytes);
      expect([format, image.width, image.height, corners(image)]).toEqual([format, width, height, expected]);
      const half = await decodeImageTo(bytes, { width: width / 2, height: height / 2 });
      expect([format, corners(half)]).toEqual([format, expected]);
    }
  });
});

describe('decoding to a size', () => {
  it('covers the target and crops about the centre', async () => {
    const thirds = await drawnImage(90, 30, (x) => [red, green, blue][Math.floor(x / 30)]!)
      .png()
      .toBuffer();
    const image = await decodeImageTo(thirds, { width: 10, height: 10 });
    expect([image.width, image.height]).toEqual([10, 10]);
    for (const [x, y] of [
      [1, 0],
      [8, 0],
      [1, 9],
      [8, 9],
    ] as const)
      expectNear(colourAt(image, x, y), green, 3);
    const upright = await decodeImageTo(thirds, { width: 3, height: 30 });
    for (const y of [0, 15, 29]) expectNear(colourAt(upright, 1, y), green, 3);
  });

  it("is Pillow's resampling of the decoded pixels, up and down by odd factors", async () => {
    const photo = await photoLike(213, 160).png().toBuffer();
    const { data } = await decodeImage(photo);
    for (const filter of ['bilinear', 'bicubic', 'lanczos'] as const)
      for (const [width, height] of [
        [71, 53],
        [150, 159],
        [300, 217],
        // Reductions of more than 4.5 are begun by libvips.
        [29, 23],
        [40, 13],
      ] as const) {
        const expected = naiveResample(data, [213, 160], [width, height], filter);
        const rule = { fit: 'stretch', filter } as const;
        const image = await decodeImageTo(photo, { width, height }, rule);
        expect(meanDifference(image.data, expected), `${filter} ${width}×${height}`).toBeLessThan(0.7);
      }
  });

  it.each<ResizeFilter>(['bilinear', 'bicubic', 'lanczos'])(
    'keeps large reductions of a JPEG near %s',
    async (filter) => {
      const photo = await photoLike(700, 500).jpeg({ quality: 95 }).toBuffer();
      const { data } = await decodeImage(photo);
      const size = { width: 61, height: 47 };
      const expected = naiveResample(data, [700, 500], [61, 47], filter);
      const image = await decodeImageTo(photo, size, { fit: 'stretch', filter });
      expect(meanDifference(image.data, expected)).toBeLessThan(1);
    },
  );

  it('scales by the shorter side, then crops the centre', async () => {
    const photo = await photoLike(100, 75).png().toBuffer();
    const { data } = await decodeImage(photo);
    const rule = { fit: 'cover', filter: 'bicubic', shorterSide: 32 } as const;
    const image = await decodeImageTo(photo, { width: 28, height: 28 }, rule);
    // int(32 · 100 / 75) = 42; (42 − 28) / 2 = 7, (32 − 28) / 2 = 2.
    const whole = naiveResample(data, [100, 75], [42, 32], 'bicubic');
    const cropped = Array.from({ length: 28 * 28 * 3 }, (_, at) => {
      const [y, x] = [Math.floor(at / (28 * 3)), at % (28 * 3)];
      return whole[((y + 2) * 42 + 7) * 3 + x]!;
    });
    expect(meanDifference(image.data, cropped)).toBeLessThan(0.05);
  });

  it('draws an SVG in the size that is wanted, sharp', async () => {
    const svg =
      '<svg xmlns="http://www.w3.org/2000/svg" width="4" height="4"><rect width="2" height="4"/></svg>';
    const { data } = await decodeImageTo(Buffer.from(svg), { width: 40, height: 40 });
    expect([data[19 * 3], data[20 * 3]]).toEqual([0, 255]);
  });

  it('of a sliver whose scaled picture would be vast takes no more than it shows', async () => {
    const sliver = await flatImage(2, 8000, green).png().toBuffer();
    const drawn = Buffer.from(
      '<svg xmlns="http://www.w3.org/2000/svg" width="2" height="8000"><rect width="2" height="8000" fill="#1ebe3c"/></svg>',
    );
    for (const bytes of [sliver, drawn]) {
      const image = await decodeImageTo(bytes, { width: 224, height: 224 });
      expectNear(colourAt(image, 100, 100), green, 2);
    }
  });

  it('shows the whole picture on white where it is to be contained', async () => {
    const image = await decodeImageTo(
      await quarters().png().toBuffer(),
      { width: 32, height: 32 },
      'contain',
    );
    expect(colourAt(image, 16, 2)).toEqual([255, 255, 255]);
    expect(colourAt(image, 16, 29)).toEqual([255, 255, 255]);
    expectNear(colourAt(image, 4, 12), red, 2);
    expectNear(colourAt(image, 28, 20), yellow, 2);
  });

  it('enlarges small images, down to a single pixel', async () => {
    const bytes = await flatImage(1, 1, blue).png().toBuffer();
    const image = await decodeImageTo(bytes, { width: 20, height: 12 });
    expect(image.data).toHaveLength(720);
    for (const x of [0, 10, 19]) expectNear(colourAt(image, x, 6), blue, 1);
  });

  it.each([
    [2000, 500],
    [334, 500],
  ])('reduces a JPEG of %i × %i without moving it', async (width, height) => {
    // Columns as bright as their place: a shift by one pixel of the result would be 7.8 levels.
    const level = (x: number) => Math.round((x * 250) / width);
    const ramp = drawnImage(width, height, (x) => [level(x), level(x), level(x)]);
    const size = { width: 32, height: Math.round((32 * height) / width) };
    const image = await decodeImageTo(await ramp.jpeg({ quality: 100 }).toBuffer(), size);
    for (const x of [1, 8, 16, 24, 30])
      expectNear(colourAt(image, x, 4), Array(3).fill(((x + 0.5) * 250) / 32), 1.6);
  });
});

describe('an image that cannot be decoded', () => {
  const noise = () =>
    drawnImage(64, 64, (x, y) => [(x * 37 + y * 91) % 256, (x * y * 13) % 256, (x * 7 + y * y) % 256]);

  it.each(['jpeg', 'png', 'webp', 'gif', 'tiff', 'avif'] as const)(
    'is a truncated %s, whole or reduced',
    async (format) => {
      const bytes = await noise().toFormat(format).toBuffer();
      for (const share of [0.2, 0.5, 0.8]) {
        const cut = bytes.subarray(0, Math.floor(bytes.length * share));
        await expect(decodeImage(cut)).rejects.toMatchObject({ code: 'image-undecodable' });
        await expect(decodeImageTo(cut, { width: 8, height: 8 })).rejects.toMatchObject({
          code: 'image-undecodable',
        });
      }
    },
  );

  it.each([
    ['text', Buffer.from('no image at all')],
    ['empty', Buffer.alloc(0)],
    ['a broken SVG', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><rect')],
    ['an SVG without a size', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="0" height="0"/>')],
  ])('is one that is %s: an error of one line with the reason and what to do', async (_, bytes) => {
    const path = join(await temporaryDirectory(), 'bad.png');
    await writeFile(path, bytes);
    const says = (where: string) => ({
      code: 'image-undecodable',
      message: expect.stringMatching(
        new RegExp(
          `^${where}: expected a JPEG, PNG, .+ of at most 100 megapixels, got ".+"; repair, convert or remove it$`,
        ),
      ),
    });
    await expect(decodeImage(path)).rejects.toMatchObject(says(path));
    await expect(decodeImage(bytes, { name: 'upload 3' })).rejects.toMatchObject(says('upload 3'));
  });

  it('is one of more pixels than allowed, which is found out before they are made', async () => {
    const large = await flatImage(300, 200, red).png().toBuffer();
    await expect(decodeImage(large, { maxPixels: 59_999 })).rejects.toMatchObject({
      code: 'image-undecodable',
      message: expect.stringMatching(
        /of at most 0\.059999 megapixels, got ".*300 × 200 pixels, more than the limit"/,
      ),
    });
    expect((await decodeImage(large, { maxPixels: 60_000 })).width).toBe(300);
    const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="20000" height="20000"/>');
    await expect(decodeImage(svg)).rejects.toMatchObject({ code: 'image-undecodable' });
  });

  it.each([
    [
      'PNG',
      'claims 30,000 × 30,000',
      async () => {
        const bytes = await flatImage(4, 4, red).png().toBuffer();
        bytes.writeUInt32BE(30_000, 16);
        bytes.writeUInt32BE(30_000, 20);
        // The checksum of the header, so that nothing but the size is wrong.
        bytes.writeUInt32BE(crc32(bytes.subarray(12, 29)), 29);
        return bytes;
      },
    ],
  ])('is a bomb: a %s of some bytes that %s pixels', async (_, __, make) => {
    const bytes = await make();
    await expect(decodeImageTo(bytes, { width: 8, height: 8 })).rejects.toMatchObject({
      message: expect.stringContaining('pixels, more than the limit'),
    });
  });

  it('has a reason of one short line, without the names of parts of libvips', async () => {
    const bytes = await noise().jpeg().toBuffer();
    const error = await decodeImage(bytes.subarray(0, bytes.length / 2)).catch((thrown: Error) => thrown);
    const [, reason] = /got "([^"]*)"/.exec((error as Error).message) ?? [];
    expect(reason).toBe('premature end of JPEG image');
  });

  it('is not a file that is missing', async () => {
    await expect(decodeImage('/no/such/file.png')).rejects.toMatchObject({
      code: 'file-not-found',
      message: '/no/such/file.png: expected an image file, got no such file; check the path',
    });
  });

  it('is a directory', async () => {
    const directory = await temporaryDirectory();
    await expect(decodeImage(directory)).rejects.toMatchObject({ code: 'image-undecodable' });
  });

  it('is not a file whose bytes changed since it was decoded last', async () => {
    const path = join(await temporaryDirectory(), 'changing.png');
    await writeFile(path, await flatImage(4, 4, red).png().toBuffer());
    expect(colourAt(await decodeImage(path), 1, 1)).toEqual(red);
    await writeFile(path, await flatImage(4, 4, blue).png().toBuffer());
    expect(colourAt(await decodeImage(path), 1, 1)).toEqual(blue);
  });
});
