import { describe, expect, it } from 'vitest';
import { poolAdjacentViolators } from './pool-adjacent-violators.js';

const ones = (count: number) => new Array<number>(count).fill(1);

describe('poolAdjacentViolators', () => {
  it('works out what can be done by hand: 0, 1, 0, 1 pools the two in the middle', () => {
    expect(poolAdjacentViolators([1, 2, 3, 4], [0, 1, 0, 1], ones(4))).toEqual([
      { low: 1, high: 1, mean: 0, weight: 1 },
      { low: 2, high: 3, mean: 0.5, weight: 2 },
      { low: 4, high: 4, mean: 1, weight: 1 },
    ]);
  });

  it('goes back as far as a violation reaches', () => {
    // 3, 4, 5 rise; 0 pulls all of them down to their common mean.
    expect(poolAdjacentViolators([1, 2, 3, 4], [3, 4, 5, 0], ones(4))).toEqual([
      { low: 1, high: 4, mean: 3, weight: 4 },
    ]);
  });

  it('weighs', () => {
    expect(poolAdjacentViolators([1, 2], [1, 0], [3, 1])).toEqual([
      { low: 1, high: 2, mean: 0.75, weight: 4 },
    ]);
  });

  it('takes points of equal x for one, in whatever order they come', () => {
    const expected = [
      { low: 1, high: 1, mean: 0.5, weight: 2 },
      { low: 2, high: 2, mean: 1, weight: 1 },
    ];
    expect(poolAdjacentViolators([1, 1, 2], [0, 1, 1], ones(3))).toEqual(expected);
    expect(poolAdjacentViolators([2, 1, 1], [1, 1, 0], ones(3))).toEqual(expected);
  });

  it('makes of all equal x one block, and of nothing none', () => {
    expect(poolAdjacentViolators([7, 7, 7], [0, 1, 1], ones(3))).toEqual([
      { low: 7, high: 7, mean: 2 / 3, weight: 3 },
    ]);
    expect(poolAdjacentViolators([], [], [])).toEqual([]);
  });

  it('pools a long fall in linear time', () => {
    const count = 200_000;
    const falling = Float64Array.from({ length: count }, (_, i) => -i);
    const blocks = poolAdjacentViolators(Float64Array.from(falling.keys()), falling, ones(count));
    expect(blocks).toHaveLength(1);
    expect(blocks[0].mean).toBeCloseTo(-(count - 1) / 2, 6);
  });
});
