import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scoreHistogram } from './score-histogram.js';

describe('scoreHistogram', () => {
  it('counts in 40 bins, the greatest score in the last', () => {
    const { from, to, counts, images } = scoreHistogram(Float64Array.of(0, 0.5, 1, 1));
    expect({ from, to, images }).toEqual({ from: 0, to: 1, images: 4 });
    expect(counts).toHaveLength(40);
    expect([counts[0], counts[20], counts[39]]).toEqual([1, 1, 2]);
  });

  it('has room around scores that are all one', () => {
    const { from, to, counts } = scoreHistogram(Float64Array.of(0.7, 0.7));
    expect(to - from).toBeCloseTo(0.001);
    expect(from).toBeLessThan(0.7);
    expect(to).toBeGreaterThan(0.7);
    expect(Math.max(...counts)).toBe(2);
  });

  it('is empty of no scores', () => {
    expect(scoreHistogram(new Float64Array(0))).toMatchObject({ from: 0, to: 1, images: 0 });
  });

  it('counts each score once, within its edges', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 1 }), (scores) => {
        const { from, to, counts } = scoreHistogram(Float64Array.from(scores));
        expect(counts.reduce((sum, count) => sum + count, 0)).toBe(scores.length);
        expect(from).toBeLessThanOrEqual(Math.min(...scores));
        expect(to).toBeGreaterThanOrEqual(Math.max(...scores));
      }),
    );
  });
});
