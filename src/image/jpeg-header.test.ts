import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { drawnImage } from '../../test/fixtures/make-image.js';
import { realData } from '../../test/fixtures/real-data.js';
import { decodeImage, decodeImageTo } from './decode.js';
import type { Image } from './image.js';
import { ordinaryJpeg } from './jpeg-header.js';

const picture = (width = 70, height = 41) =>
  drawnImage(width, height, (x, y) => [(x * 3) % 256, (y * 5) % 256, (x * y) % 256]);

function segment(marker: number, content: Uint8Array): Buffer {
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(content.length + 2, 2);
  return Buffer.concat([head, content]);
}

/** A TIFF header and one entry: the orientation. */
function exif(orientation: number): Buffer {
  const tiff = 'MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\0\0\0\0\0\0\0';
  const content = Buffer.from(`Exif\0\0${tiff}`, 'latin1');
  content.writeUInt16BE(orientation, 6 + 18);
  return segment(0xe1, content);
}

function inserted(bytes: Buffer, at: number, ...segments: Uint8Array[]): Buffer {
  return Buffer.concat([bytes.subarray(0, at), ...segments, bytes.subarray(at)]);
}

/** Holds nothing that matters, but has the file opened by libvips to see. */
const pretext = segment(0xe1, Buffer.from('http://ns.adobe.com/xap/1.0/\0<x/>'));

function expectSame(image: Image, expected: Image): void {
  expect([image.width, image.height]).toEqual([expected.width, expected.height]);
  expect(Buffer.compare(image.data, expected.data)).toBe(0);
}

function frameAt(bytes: Buffer): number {
  const at = [0xc0, 0xc1, 0xc2].map((marker) => bytes.indexOf(Buffer.from([0xff, marker])));
  return Math.min(...at.filter((index) => index >= 0));
}

const kinds: [string, () => Promise<Buffer>][] = [
  ['baseline', () => picture().jpeg().toBuffer()],
  ['without subsampling', () => picture().jpeg({ chromaSubsampling: '4:4:4' }).toBuffer()],
  ['progressive', () => picture().jpeg({ progressive: true }).toBuffer()],
  ['grey', () => picture().grayscale().jpeg().toBuffer()],
  ['CMYK', () => picture().toColourspace('cmyk').jpeg().toBuffer()],
  ['with a colour profile', () => picture().withIccProfile('p3').jpeg().toBuffer()],
  ['of one pixel', () => picture(1, 1).jpeg().toBuffer()],
  [
    'with comments and notes of programs',
    async () =>
      inserted(
        await picture().jpeg().toBuffer(),
        2,
        segment(0xfe, Buffer.from('made by hand')),
        segment(0xed, Buffer.from('Photoshop 3.0\0')),
      ),
  ],
];

describe('the header of an ordinary JPEG', () => {
  it.each(kinds)('is what libvips says of one %s, and so are its pixels', async (_, make) => {
    const bytes = await make();
    const { width, height } = await sharp(bytes).metadata();
    expect(ordinaryJpeg(bytes)?.size).toEqual({ width, height });
    const roundabout = inserted(bytes, 2, pretext);
    expect(ordinaryJpeg(roundabout)).toBeUndefined();
    expectSame(await decodeImage(bytes), await decodeImage(roundabout));
    const size = { width: 9, height: 7 };
    expectSame(await decodeImageTo(bytes, size), await decodeImageTo(roundabout, size));
  });

  it.each([
    ['srgb', 'srgb'],
    ['p3', 'other'],
    ['cmyk', 'other'],
  ])('tells of a colour profile whether it is sRGB itself: %s', async (name, told) => {
    const colours = name === 'cmyk' ? picture().toColourspace('cmyk') : picture();
    const bytes = await colours.withIccProfile(name).jpeg().toBuffer();
    expect(ordinaryJpeg(bytes)?.profile).toBe(told);
  });

  it('takes what only looks like sRGB for another profile', async () => {
    const bytes = await picture().withIccProfile('srgb').jpeg().toBuffer();
    const at = bytes.indexOf('ICC_PROFILE');
    const changed = Buffer.from(bytes);
    changed[at + 100]! ^= 1;
    expect(ordinaryJpeg(changed)?.profile).toBe('other');
    const inTwo = Buffer.from(bytes);
    inTwo[at + 13] = 2;
    expect(ordinaryJpeg(inTwo)?.profile).toBe('other');
    const second = segment(0xe2, Buffer.from('ICC_PROFILE\0\x01\x01 and more', 'latin1'));
    expect(ordinaryJpeg(inserted(bytes, at - 4, second))?.profile).toBe('other');
  });

  it('takes nothing else for a profile', async () => {
    const pictures = segment(0xe2, Buffer.from('MPF\0and where they are'));
    const srgb = await picture().withIccProfile('srgb').jpeg().toBuffer();
    expect(ordinaryJpeg(inserted(srgb, 2, pictures))?.profile).toBe('srgb');
    const none = await picture().jpeg().toBuffer();
    expect(ordinaryJpeg(inserted(none, 2, pictures))?.profile).toBe('none');
  });

  it('is left to libvips where it may have to be turned, wherever in the header that stands', async () => {
    const bytes = await picture().jpeg().toBuffer();
    for (const at of [2, frameAt(bytes), bytes.indexOf(Buffer.from([0xff, 0xda]))]) {
      const turned = inserted(bytes, at, exif(6));
      expect((await sharp(turned).metadata()).orientation).toBe(6);
      expect(ordinaryJpeg(turned)).toBeUndefined();
      expect(await decodeImage(turned)).toMatchObject({ width: 41, height: 70 });
    }
  });

  const set =
    (at: number, ...values: number[]) =>
    (bytes: Buffer, frame: number) => {
      bytes.set(values, frame + at);
      return bytes;
    };
  it.each<[string, (bytes: Buffer, frame: number) => Buffer]>([
    ['12 bits', set(4, 12)],
    ['no height yet', set(5, 0, 0)],
    ['no width', set(7, 0, 0)],
    ['arithmetic coding', set(1, 0xc9)],
    ['two frames', (bytes, frame) => inserted(bytes, frame, bytes.subarray(frame, frame + 19))],
    ['a segment shorter than its own length', (bytes) => inserted(bytes, 2, Buffer.from([0xff, 0xfe, 0, 0]))],
    ['something between segments', (bytes) => inserted(bytes, 2, Buffer.from([0]))],
    ['nothing but its start', (bytes) => bytes.subarray(0, 2)],
  ])('is left to libvips where the file has %s', async (_, change) => {
    const bytes = await picture().jpeg().toBuffer();
    expect(ordinaryJpeg(change(bytes, frameAt(bytes)))).toBeUndefined();
  });

  it('is not known of a file that ends before its first scan', async () => {
    const bytes = await picture().jpeg().toBuffer();
    const scan = bytes.indexOf(Buffer.from([0xff, 0xda]));
    for (let length = 0; length < scan; length++)
      expect(ordinaryJpeg(bytes.subarray(0, length))).toBeUndefined();
  });

  it('never differs from what libvips makes of a damaged header', async () => {
    const intact = await picture().jpeg().toBuffer();
    const header = intact.indexOf(Buffer.from([0xff, 0xda]));
    let told = 0;
    const places = fc.array(fc.tuple(fc.nat(header), fc.nat(255)), { minLength: 1, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(places, async (changes) => {
        const bytes = Buffer.from(intact);
        for (const [at, value] of changes) bytes[at] = value;
        const size = ordinaryJpeg(bytes)?.size;
        const known = await sharp(bytes, { failOn: 'error', limitInputPixels: false })
          .metadata()
          .catch(() => undefined);
        if (size === undefined || known === undefined) return;
        told++;
        expect(known.autoOrient).toEqual(size);
      }),
      { numRuns: 300, seed: 1 },
    );
    expect(told).toBeGreaterThan(100);
  });

  const photos = realData('data', 'photos-large');
  it.skipIf(photos.absent)('is what libvips says of photographs, most of which are ordinary', async () => {
    const names = await readdir(photos.path);
    let ordinary = 0;
    for (const name of names) {
      const bytes = await readFile(join(photos.path, name));
      const size = ordinaryJpeg(bytes)?.size;
      if (size === undefined) continue;
      ordinary++;
      expect((await sharp(bytes).metadata()).autoOrient).toEqual(size);
      const target = { width: 64, height: 64 };
      const roundabout = inserted(bytes, 2, pretext);
      expectSame(await decodeImageTo(bytes, target), await decodeImageTo(roundabout, target));
    }
    expect(ordinary).toBeGreaterThan(0.8 * names.length);
  });
});
