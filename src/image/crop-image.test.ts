import { describe, expect, it } from 'vitest';
import { cropImage, cropIn } from './crop-image.js';

/** Each pixel holds its column, its row, and 9. */
const image = {
  width: 6,
  height: 4,
  data: Uint8Array.from({ length: 6 * 4 * 3 }, (_, i) => {
    const pixel = Math.floor(i / 3);
    return [pixel % 6, Math.floor(pixel / 6), 9][i % 3]!;
  }),
};

describe('cropImage', () => {
  it('takes the pixels of a region', () => {
    const { width, height, data } = cropImage(image, { unit: 'pixels', x: 2, y: 1, width: 2, height: 3 })!;
    expect([width, height]).toEqual([2, 3]);
    expect([...data]).toEqual([2, 1, 9, 3, 1, 9, 2, 2, 9, 3, 2, 9, 2, 3, 9, 3, 3, 9]);
  });

  it('takes shares of the picture, to the nearest pixel', () => {
    expect(cropIn(image, { unit: 'fraction', x: 0, y: 0, width: 1, height: 1 })).toEqual({
      left: 0,
      top: 0,
      width: 6,
      height: 4,
    });
    expect(cropIn(image, { unit: 'fraction', x: 0.5, y: 0.25, width: 0.34, height: 0.5 })).toEqual({
      left: 3,
      top: 1,
      width: 2,
      height: 2,
    });
  });

  it('takes nothing that is not all within the picture, or empty', () => {
    for (const region of [
      { x: 5, y: 0, width: 2, height: 1 },
      { x: -1, y: 0, width: 2, height: 1 },
      { x: 0, y: 3, width: 1, height: 2 },
      { x: 0, y: 0, width: 0, height: 1 },
    ])
      expect(cropImage(image, { unit: 'pixels', ...region })).toBeUndefined();
    expect(cropIn(image, { unit: 'fraction', x: 0, y: 0, width: 0.01, height: 1 })).toBeUndefined();
  });
});
