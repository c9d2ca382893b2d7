import { describe, expect, it } from 'vitest';
import { effectiveRank } from './effective-rank.js';

describe('effectiveRank', () => {
  it('is the number of directions where embeddings are spread along them alike', () => {
    const axes = [1, 0, 0, -1, 0, 0, 0, 1, 0, 0, -1, 0];
    expect(effectiveRank(Float32Array.from(axes), 3)).toBeCloseTo(2, 10);
  });

  it('is, by hand, exp of the entropy of shares 4/5 and 1/5 for deviations of 2 and 1', () => {
    // Points ±2 on one axis and ±1 on the other: variances 2 and 1/2.
    const points = [2, 0, -2, 0, 0, 1, 0, -1];
    const entropy = -(0.8 * Math.log(0.8) + 0.2 * Math.log(0.2));
    expect(effectiveRank(Float32Array.from(points), 2)).toBeCloseTo(Math.exp(entropy), 6);
  });

  it('does not change when all is turned', () => {
    const points = [2, 0, -2, 0, 0, 1, 0, -1];
    const [c, s] = [Math.cos(0.7), Math.sin(0.7)];
    const turned = Float32Array.from(points, (_, i) => {
      const [x, y] = [points[i - (i % 2)], points[i - (i % 2) + 1]];
      return i % 2 === 0 ? c * x - s * y : s * x + c * y;
    });
    expect(effectiveRank(turned, 2)).toBeCloseTo(effectiveRank(Float32Array.from(points), 2)!, 5);
  });

  it('is 1 on a line, 0 where all are alike, and not measured where it would take too long', () => {
    expect(effectiveRank(Float32Array.of(1, 1, 2, 2, 3, 3), 2)).toBeCloseTo(1, 6);
    expect(effectiveRank(Float32Array.of(1, 2, 1, 2), 2)).toBe(0);
    expect(effectiveRank(new Float32Array(300), 300)).toBeUndefined();
  });
});
