import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { drawnImage } from '../../test/fixtures/make-image.js';
import { realData } from '../../test/fixtures/real-data.js';
import { decodeImage } from './decode.js';
import { isSrgbProfile } from './srgb-profile.js';

/** 64 levels of each colour. */
const colours = () =>
  drawnImage(512, 512, (x, y) => [(x % 64) * 4 + 1, (y % 64) * 4 + 2, ((x >> 6) * 8 + (y >> 6)) * 4 + 3]);

async function profileOf(image: Buffer): Promise<Buffer> {
  return (await sharp(image).metadata()).icc!;
}

/** By how much levels differ from what libvips converts them to. */
async function movedBy(image: Buffer): Promise<{ readonly most: number; readonly share: number }> {
  const converted = await sharp(image).toColourspace('srgb').raw().toBuffer();
  const { data } = await decodeImage(image);
  let [most, moved] = [0, 0];
  for (let i = 0; i < data.length; i++) {
    const by = Math.abs(data[i]! - converted[i]!);
    if (by > 0) moved++;
    most = Math.max(most, by);
  }
  return { most, share: moved / data.length };
}

describe('sRGB as a colour profile', () => {
  it.each(['jpeg', 'png', 'webp'] as const)('is told from others and not converted: %s', async (format) => {
    const plain = await colours().withIccProfile('srgb').toFormat(format).toBuffer();
    expect(isSrgbProfile(await profileOf(plain))).toBe(true);
    expect(await movedBy(plain)).toEqual({ most: 0, share: 0 });
    const other = await colours().withIccProfile('p3').toFormat(format).toBuffer();
    expect(isSrgbProfile(await profileOf(other))).toBe(false);
    expect(await movedBy(other)).toEqual({ most: 0, share: 0 });
  });

  const photos = realData('data', 'photos-large');
  it.skipIf(photos.absent)(
    'is that of most photographs that have one, and moves hardly a level',
    async () => {
      let [profiles, srgb] = [0, 0];
      let found: Buffer | undefined;
      for (const name of await readdir(photos.path)) {
        const bytes = await readFile(join(photos.path, name));
        const { icc } = await sharp(bytes).metadata();
        if (!icc) continue;
        profiles++;
        if (!isSrgbProfile(icc)) continue;
        srgb++;
        found = icc;
        expect((await movedBy(bytes)).most).toBeLessThanOrEqual(1);
      }
      expect(srgb).toBeGreaterThan(profiles / 2);
      // In a picture of many colours.
      const jpeg = await colours().jpeg({ chromaSubsampling: '4:4:4', quality: 100 }).toBuffer();
      const head = Buffer.concat([
        Buffer.from([0xff, 0xe2, 0, 0]),
        Buffer.from('ICC_PROFILE\0\x01\x01', 'latin1'),
      ]);
      head.writeUInt16BE(found!.length + 16, 2);
      const { most, share } = await movedBy(
        Buffer.concat([jpeg.subarray(0, 2), head, found!, jpeg.subarray(2)]),
      );
      expect(most).toBeLessThanOrEqual(1);
      expect(share).toBeLessThan(0.01);
    },
  );
});
