import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { drawnImage } from '../../test/fixtures/make-image.js';
import { temporaryDirectory } from '../../test/fixtures/temporary-directory.js';
import { decodeImageTo, decodeWithFacts } from './decode.js';
import type { Size } from './image.js';
import { hashDistance, perceptualPrint } from './perceptual-hash.js';
import { decodePrint, printLength } from './print-bytes.js';
import { printLikeness } from './print-likeness.js';

const rule = { fit: 'cover', filter: 'bilinear' } as const;

function drawn(width: number, height: number) {
  return drawnImage(width, height, (x, y) => {
    const [u, v] = [x / width, y / height];
    return [u * 255, (u - 0.4) ** 2 + (v - 0.6) ** 2 < 0.06 ? 230 : 40, 255 * Math.abs(Math.sin(5 * v + u))];
  });
}

async function previewed(bytes: Uint8Array, size: Size) {
  const path = join(await temporaryDirectory(), 'picture');
  await writeFile(path, bytes);
  const plain = await decodeWithFacts(path, size, rule);
  const { pixels, facts, preview } = await decodeWithFacts(path, size, rule, { preview: true });
  expect(plain.preview).toBeUndefined();
  expect({ pixels, facts }).toEqual(plain);
  return { preview: preview!, thumbnail: await sharp(preview!.thumbnail).metadata() };
}

describe('a preview', () => {
  it.each([
    ['small', 40, 30, 8, 40, 30],
    ['small, for a large model', 40, 30, 224, 40, 30],
    ['large, for a model that sees little of it', 1600, 900, 8, 256, 144],
    ['large, for a model that sees much of it', 1600, 900, 224, 256, 144],
    ['tall', 300, 1200, 96, 64, 256],
    ['a line', 2000, 1, 16, 256, 1],
  ])('of a picture that is %s takes nothing from its pixels', async (_, width, height, side, w, h) => {
    const { preview, thumbnail } = await previewed(await drawn(width, height).png().toBuffer(), {
      width: side,
      height: side,
    });
    expect(thumbnail).toMatchObject({ format: 'webp', width: w, height: h });
    expect(preview.print.length).toBe(printLength);
  });

  it('shows the picture, and its print is that of the picture, however it was reduced', async () => {
    const bytes = await drawn(1200, 800).jpeg({ quality: 90 }).toBuffer();
    const expected = perceptualPrint(
      await decodeImageTo(bytes, { width: 32, height: 32 }, { fit: 'stretch', filter: 'bilinear' }),
    );
    const original = await sharp(bytes).resize(256, 171, { fit: 'fill' }).raw().toBuffer();
    for (const side of [8, 64, 224, 300]) {
      const { preview } = await previewed(bytes, { width: side, height: side });
      const print = decodePrint(preview.print);
      expect(hashDistance(print.hash, expected.hash)).toBeLessThanOrEqual(2);
      expect(printLikeness(print, expected).correlation).toBeGreaterThan(0.999);
      const shown = await sharp(preview.thumbnail).raw().toBuffer();
      let difference = 0;
      for (let i = 0; i < shown.length; i++) difference += Math.abs(shown[i]! - original[i]!);
      expect(difference / shown.length).toBeLessThan(4);
    }
  });

  it('stands upright, on white, with what the camera noted', async () => {
    const turned = await drawn(60, 40)
      .jpeg()
      .withExif({ IFD2: { DateTimeOriginal: '2023:01:02 03:04:05' } })
      .withMetadata({ orientation: 6 })
      .toBuffer();
    const { thumbnail } = await previewed(turned, { width: 8, height: 8 });
    expect(thumbnail).toMatchObject({ width: 40, height: 60 });
    const dated = await drawn(60, 40)
      .jpeg()
      .withExif({ IFD2: { DateTimeOriginal: '2023:01:02 03:04:05' } })
      .toBuffer();
    expect((await previewed(dated, { width: 8, height: 8 })).preview.exif).toEqual({
      takenAt: '2023-01-02T03:04:05',
    });
    const clear = await sharp({ create: { width: 9, height: 9, channels: 4, background: '#0000' } })
      .png()
      .toBuffer();
    const { preview } = await previewed(clear, { width: 8, height: 8 });
    expect([...(await sharp(preview.thumbnail).raw().toBuffer())].every((level) => level > 250)).toBe(true);
  });
});
