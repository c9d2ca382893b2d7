import { describe, expect, it } from 'vitest';
import type { LabelledImages } from '../../src/data/labelled-images.js';

/** What every implementation of `LabelledImages` owes its callers. `open` is called anew for each test. */
export function keepsLabelledImagesContract(open: () => Promise<LabelledImages>): void {
  describe('the contract of labelled images', () => {
    it('has one label per image, each the index of a class', async () => {
      const images = await open();
      expect(images.length).toBeGreaterThan(0);
      expect(images.labels).toHaveLength(images.length);
      for (const label of images.labels) {
        expect(label).toBeGreaterThanOrEqual(0);
        expect(label).toBeLessThan(images.classNames.length);
      }
    });

    it('has different names for different classes, and different ids for different images', async () => {
      const images = await open();
      expect(new Set(images.classNames).size).toBe(images.classNames.length);
      const ids = Array.from({ length: images.length }, (_, index) => images.id(index));
      expect(new Set(ids).size).toBe(images.length);
    });

    it('gives the same labels, ids, fingerprint and pixels when opened again', async () => {
      const [first, second] = [await open(), await open()];
      expect(second.labels).toEqual(first.labels);
      expect(second.classNames).toEqual(first.classNames);
      expect(second.fingerprint).toMatch(/^[0-9a-f]{64}$/);
      expect(second.fingerprint).toBe(first.fingerprint);
      expect(second.id(0)).toBe(first.id(0));
      const size = { width: 9, height: 7 };
      expect(await second.pixels([0], size)).toEqual(await first.pixels([0], size));
    });

    it.each([
      { width: 32, height: 32 },
      { width: 5, height: 9 },
      { width: 70, height: 66 },
    ])('gives pixels of $width × $height for each index asked for, in that order', async (size) => {
      const images = await open();
      const length = size.width * size.height * 3;
      const last = images.length - 1;
      const [first, final] = [await images.pixels([0], size), await images.pixels([last], size)];
      expect(first).toHaveLength(length);
      const repeated = await images.pixels(Int32Array.of(last, 0, last), size);
      expect(Buffer.compare(repeated, Buffer.concat([final, first, final]))).toBe(0);
    });

    it('hands out pixels that a caller may overwrite', async () => {
      const images = await open();
      const size = images.nativeSize ?? { width: 8, height: 8 };
      const first = await images.pixels([0], size);
      const kept = first.slice();
      first.fill(77);
      expect(await images.pixels([0], size)).toEqual(kept);
    });

    it('gives no pixels for no index', async () => {
      expect(await (await open()).pixels([], { width: 4, height: 4 })).toHaveLength(0);
    });
  });
}
