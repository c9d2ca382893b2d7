import { describe, expect, it } from 'vitest';
import { mirrorAndRecolour } from './recolour.js';

const size = { width: 3, height: 2 };
/** Red counts the column, green the row, blue is 9. */
const picture = () => Uint8Array.of(0, 0, 9, 1, 0, 9, 2, 0, 9, 0, 1, 9, 1, 1, 9, 2, 1, 9);

describe('mirrorAndRecolour', () => {
  it('mirrors every row', () => {
    const pixels = picture();
    mirrorAndRecolour(pixels, 0, size, { mirror: true, channels: [0, 1, 2] });
    expect([...pixels]).toEqual([2, 0, 9, 1, 0, 9, 0, 0, 9, 2, 1, 9, 1, 1, 9, 0, 1, 9]);
  });

  it('exchanges channels: blue in the place of red, red of green, green of blue', () => {
    const pixels = picture();
    mirrorAndRecolour(pixels, 0, size, { mirror: false, channels: [2, 0, 1] });
    expect([...pixels]).toEqual([9, 0, 0, 9, 1, 0, 9, 2, 0, 9, 0, 1, 9, 1, 1, 9, 2, 1]);
  });

  it('touches the image at the offset, and nothing around it', () => {
    const pixels = Uint8Array.of(7, ...picture(), 7);
    mirrorAndRecolour(pixels, 1, size, { mirror: true, channels: [0, 1, 2] });
    expect([pixels[0], pixels.at(-1)]).toEqual([7, 7]);
    expect([...pixels.subarray(1, 4)]).toEqual([2, 0, 9]);
  });

  it('done twice, a mirror image is the image again', () => {
    const pixels = picture();
    for (const _ of [1, 2]) mirrorAndRecolour(pixels, 0, size, { mirror: true, channels: [0, 1, 2] });
    expect(pixels).toEqual(picture());
  });
});
