import { describe, expect, it } from 'vitest';
import { pixelBaseline, pixelBaselineDimension } from './pixel-baseline.js';

const d = pixelBaselineDimension;

describe('pixelBaseline', () => {
  it('removes the mean of each image and scales it to unit length', () => {
    const pixels = new Uint8Array(2 * d).map((_, i) => (i < d ? (i * 7) % 251 : (i * 31) % 199));
    const vectors = pixelBaseline(pixels);
    for (const start of [0, d]) {
      const vector = vectors.subarray(start, start + d);
      expect(vector.reduce((sum, value) => sum + value, 0)).toBeCloseTo(0, 5);
      expect(vector.reduce((sum, value) => sum + value ** 2, 0)).toBeCloseTo(1, 5);
    }
  });

  it('sees neither brightness nor contrast', () => {
    const dim = new Uint8Array(d).map((_, i) => i % 50);
    const bright = dim.map((value) => 100 + 3 * value);
    const vectors = pixelBaseline(Uint8Array.of(...dim, ...bright));
    for (let i = 0; i < d; i++) expect(vectors[i]).toBeCloseTo(vectors[d + i], 6);
  });

  it('gives the zero vector to an image of one even grey', () => {
    expect(pixelBaseline(new Uint8Array(d).fill(128)).every((value) => value === 0)).toBe(true);
  });
});
