import { describe, expect, it } from 'vitest';
import { speckledPrint } from '../../test/fixtures/surveyed-image.js';
import { perceptualPrint } from './perceptual-hash.js';
import { colourDifference, printLikeness } from './print-likeness.js';

function flat(level: number, speck = 0) {
  const data = new Uint8Array(32 * 32 * 3).fill(level);
  for (let i = 0; i < 32 * 32; i += 37) data.fill(level + speck, 3 * i, 3 * i + 3);
  return perceptualPrint({ width: 32, height: 32, data });
}

describe('printLikeness', () => {
  it('finds a picture like itself', () => {
    expect(printLikeness(speckledPrint(1), speckledPrint(1))).toEqual({ correlation: 1, worstCell: 0 });
  });

  it.each([-1.5, -0.7, 0.7, 1.5])('lays a picture that was moved by %f pixels over the other', (shift) => {
    const { correlation, worstCell } = printLikeness(speckledPrint(2), speckledPrint(2, shift));
    expect(correlation).toBeGreaterThan(0.97);
    expect(worstCell).toBeLessThan(0.5);
  });

  it('does not care for brightness and contrast', () => {
    const print = speckledPrint(3);
    const other = { ...print, luma: print.luma.map((value) => 40 + value * 0.7) };
    expect(printLikeness(print, other).correlation).toBeGreaterThan(0.999);
  });

  it('finds other pictures unlike', () => {
    for (let i = 0; i < 30; i++)
      expect(printLikeness(speckledPrint(i), speckledPrint(i + 100)).correlation).toBeLessThan(0.8);
  });

  it('shows in the worst cell a detail that the whole hides', () => {
    const print = speckledPrint(4);
    const stamped = print.luma.map((value, i) => (i % 32 < 6 && i >> 5 < 6 ? 255 - value : value));
    const { correlation, worstCell } = printLikeness(print, { ...print, luma: stamped });
    expect(correlation).toBeGreaterThan(0.85);
    expect(worstCell).toBeGreaterThan(0.5);
  });

  it('compares pictures of one tone by their tone, whatever little noise there is', () => {
    expect(printLikeness(flat(200, 1), flat(202)).correlation).toBe(1);
    expect(printLikeness(flat(200, 1), flat(90, 1)).correlation).toBe(0);
    expect(printLikeness(flat(128), speckledPrint(5)).correlation).toBe(0);
  });
});

describe('colourDifference', () => {
  it('is the mean over cells and both differences', () => {
    const print = speckledPrint(6);
    const other = { ...print, chroma: print.chroma.map((value, i) => (i % 2 ? value : value - 5)) };
    expect(colourDifference(print, other)).toBe(5);
  });
});
