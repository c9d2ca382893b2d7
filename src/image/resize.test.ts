import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawnImage } from '../../test/fixtures/make-image.js';
import { decodeImage, decodeImageTo } from './decode.js';
import type { Image, Size } from './image.js';
import { resizeImage, resizePixels } from './resize.js';

function painted(
  width: number,
  height: number,
  at: (x: number, y: number, channel: number) => number,
): Image {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      for (let channel = 0; channel < 3; channel++) data[(y * width + x) * 3 + channel] = at(x, y, channel);
  return { width, height, data };
}

/** The rule written out: one weighted sum over the whole source for each target pixel. */
function naive(image: Image, size: Size): number[] {
  const scale = Math.max(size.width / image.width, size.height / image.height);
  const weightsOf = (length: number, cropped: number) => {
    const scaled = Math.max(cropped, Math.round(length * scale));
    const step = length / scaled;
    const radius = Math.max(1, step);
    const offset = Math.floor((scaled - cropped + 1) / 2);
    return Array.from({ length: cropped }, (_, i) => {
      const centre = (i + offset + 0.5) * step;
      const weights = Array.from({ length }, (_, j) => Math.max(0, 1 - Math.abs(j + 0.5 - centre) / radius));
      const sum = weights.reduce((a, b) => a + b);
      return weights.map((weight) => weight / sum);
    });
  };
  const columns = weightsOf(image.width, size.width);
  const rows = weightsOf(image.height, size.height);
  return rows.flatMap((row) =>
    columns.flatMap((column) =>
      [0, 1, 2].map((channel) => {
        let sum = 0;
        for (const [y, a] of row.entries())
          for (const [x, b] of column.entries())
            if (a * b > 0) sum += a * b * image.data[(y * image.width + x) * 3 + channel]!;
        return sum;
      }),
    ),
  );
}

const side = fc.integer({ min: 1, max: 20 });

describe('resizing', () => {
  it('is the weighted sum of its rule for any two sizes, rounded to the nearest level', () => {
    fc.assert(
      fc.property(side, side, side, side, fc.integer({ min: 1, max: 250 }), (w, h, width, height, step) => {
        const image = painted(w, h, (x, y, channel) => (x * step * 3 + y * step * 7 + channel * 50) % 256);
        const expected = naive(image, { width, height });
        const { data } = resizeImage(image, { width, height });
        return (
          data.length === expected.length &&
          data.every((value, at) => Math.abs(value - expected[at]!) <= 0.51)
        );
      }),
      { numRuns: 150 },
    );
  });

  it('leaves a picture of one colour as it is, extremes included', () => {
    fc.assert(
      fc.property(
        side,
        side,
        side,
        side,
        fc.constantFrom(0, 1, 127, 254, 255),
        (w, h, width, height, level) =>
          resizeImage(
            painted(w, h, () => level),
            { width, height },
          ).data.every((value) => value === level),
      ),
    );
  });

  it('halves by weights 1 3 3 1 over 8, which sum up every source pixel', () => {
    const { data } = resizeImage(
      painted(8, 8, (x) => (x === 4 ? 240 : 0)),
      { width: 4, height: 4 },
    );
    expect(Array.from({ length: 4 }, (_, x) => data[x * 3])).toEqual([0, 30, 90, 0]);
  });

  it('gives back the same pixels where the sizes are equal', () => {
    const { data } = painted(4, 3, (x) => x);
    expect(resizePixels(data, 1, { width: 4, height: 3 }, { width: 4, height: 3 })).toBe(data);
  });

  it('treats each image of a block as if it were alone', () => {
    const images = [3, 5, 7].map((step) =>
      painted(9, 6, (x, y, channel) => (x * step + y * step * 4 + channel) % 256),
    );
    const to = { width: 4, height: 5 };
    const block = resizePixels(Buffer.concat(images.map(({ data }) => data)), 3, images[0]!, to);
    expect([...block]).toEqual(images.flatMap((image) => [...resizeImage(image, to).data]));
  });

  it('agrees with decoding to a size, but for a few levels', async () => {
    const bytes = await drawnImage(300, 200, (x, y) => [
      Math.round(128 + 100 * Math.sin(x / 20)),
      Math.round(128 + 100 * Math.cos(y / 15)),
      ((x + y) % 256) >> 1,
    ])
      .png()
      .toBuffer();
    const image = await decodeImage(bytes);
    for (const size of [
      { width: 32, height: 32 },
      { width: 64, height: 40 },
      { width: 100, height: 150 },
    ]) {
      const ours = resizeImage(image, size).data;
      const { data } = await decodeImageTo(bytes, size);
      const difference = ours.reduce((sum, value, at) => sum + Math.abs(value - data[at]!), 0) / ours.length;
      expect(difference).toBeLessThan(1.5);
    }
  });
});
