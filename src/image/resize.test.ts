import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { naiveResample } from '../../test/oracle/resample.js';
import type { Image, Size } from './image.js';
import { placePicture } from './placement.js';
import { resizeImage, resizePixels, resizeReduced } from './resize.js';
import { defaultResizeRule, type ResizeRule } from './resize-rule.js';

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

const busy = (width: number, height: number, step = 5) =>
  painted(width, height, (x, y, channel) => (x * step * 3 + y * step * 7 + channel * 50 + x * y) % 256);

/** The rule written out: the whole picture is resampled, then cut out or framed. */
function naive(image: Image, size: Size, rule: ResizeRule): number[] {
  const { scaled, crop, left, top } = placePicture(image, size, rule);
  const whole = naiveResample(
    image.data,
    [image.width, image.height],
    [scaled.width, scaled.height],
    rule.filter,
  );
  const target = new Array<number>(size.width * size.height * 3).fill(255);
  for (let y = 0; y < crop.height; y++)
    for (let x = 0; x < crop.width * 3; x++)
      target[((top + y) * size.width + left) * 3 + x] =
        whole[((crop.top + y) * scaled.width + crop.left) * 3 + x]!;
  return target;
}

const side = fc.integer({ min: 1, max: 20 });
const rules = fc.record({
  fit: fc.constantFrom('cover' as const, 'contain' as const, 'stretch' as const),
  filter: fc.constantFrom('bilinear' as const, 'bicubic' as const, 'lanczos' as const),
  shorterSide: fc.option(fc.integer({ min: 1, max: 40 }), { nil: undefined }),
});

describe('resizing', () => {
  it("is Pillow's resampling by its rule for any two sizes, but for sums that lie on a half", () => {
    let [levels, off] = [0, 0];
    fc.assert(
      fc.property(side, side, side, side, rules, (w, h, width, height, rule) => {
        const image = busy(w, h);
        const expected = naive(image, { width, height }, rule);
        const { data } = resizeImage(image, { width, height }, rule);
        levels += data.length;
        for (const [at, value] of data.entries()) off += value === expected[at] ? 0 : 1;
        return (
          data.length === expected.length &&
          // One that falls to the other side of a half can move what is made of it by one more.
          data.every((value, at) => Math.abs(value - expected[at]!) <= 2)
        );
      }),
      { numRuns: 200, seed: 4 },
    );
    expect(off / levels).toBeLessThan(0.01);
  });

  it.each([
    [
      [97, 61],
      [31, 17],
    ],
    [
      [97, 61],
      [13, 60],
    ],
    [
      [31, 23],
      [75, 119],
    ],
    [
      [64, 64],
      [63, 65],
    ],
    [
      [150, 7],
      [10, 21],
    ],
  ] as const)('from %j to %j agrees with float64 to a twentieth of a level in the mean', (from, to) => {
    const image = busy(from[0], from[1], 3);
    for (const filter of ['bilinear', 'bicubic', 'lanczos'] as const) {
      const expected = naiveResample(image.data, from, to, filter);
      const { data } = resizeImage(image, { width: to[0], height: to[1] }, { fit: 'stretch', filter });
      const sum = data.reduce((total, value, at) => total + Math.abs(value - expected[at]!), 0);
      expect(sum / data.length, filter).toBeLessThan(0.05);
    }
  });

  it('leaves a picture of one colour as it is, extremes included', () => {
    fc.assert(
      fc.property(
        side,
        side,
        side,
        side,
        fc.constantFrom('bilinear' as const, 'bicubic' as const, 'lanczos' as const),
        fc.constantFrom(0, 1, 127, 254, 255),
        (w, h, width, height, filter, level) =>
          resizeImage(
            painted(w, h, () => level),
            { width, height },
            { fit: 'cover', filter },
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

  it('does not let the overshoot of a kernel wrap around', () => {
    const edge = painted(16, 4, (x) => (x < 8 ? 0 : 255));
    const { data } = resizeImage(edge, { width: 48, height: 12 }, { fit: 'stretch', filter: 'lanczos' });
    for (let x = 0; x < 48; x++)
      if (Math.abs(x - 23.5) > 4) expect(Math.abs(data[x * 3]! - (x < 24 ? 0 : 255))).toBeLessThan(30);
  });

  it('gives back the same pixels where the sizes are equal', () => {
    const { data } = painted(4, 3, (x) => x);
    expect(resizePixels(data, 1, { width: 4, height: 3 }, { width: 4, height: 3 })).toBe(data);
  });

  it('crops even where the sizes are equal, if the rule scales beyond them', () => {
    const image = busy(16, 16);
    const rule: ResizeRule = { fit: 'cover', filter: 'bicubic', shorterSide: 20 };
    const { data } = resizeImage(image, { width: 16, height: 16 }, rule);
    // 16 to 20 pixels has many sums that lie on a half.
    for (const [at, value] of naive(image, { width: 16, height: 16 }, rule).entries())
      expect(Math.abs(data[at]! - value)).toBeLessThanOrEqual(2);
    expect(data).not.toEqual(image.data);
  });

  it.each<ResizeRule>([
    { fit: 'cover', filter: 'bilinear' },
    { fit: 'contain', filter: 'bicubic' },
  ])('treats each image of a block as if it were alone: %j', (rule) => {
    const images = [3, 5, 7].map((step) => busy(9, 6, step));
    const to = { width: 4, height: 5 };
    const block = resizePixels(Buffer.concat(images.map(({ data }) => data)), 3, images[0]!, to, rule);
    expect([...block]).toEqual(images.flatMap((image) => [...resizeImage(image, to, rule).data]));
  });

  it('puts a picture that was reduced before where the original would lie', () => {
    const ramp = painted(300, 101, (x, y) => Math.round((x * 200) / 300 + y / 2));
    const half = resizeImage(ramp, { width: 100, height: 34 }, { fit: 'stretch', filter: 'bilinear' });
    const to = { width: 20, height: 20 };
    const direct = resizeImage(ramp, to).data;
    const twice = resizeReduced(half.data, 1, half, ramp, to, defaultResizeRule);
    for (const [at, value] of twice.entries()) expect(Math.abs(value - direct[at]!)).toBeLessThanOrEqual(1.5);
  });
});
