import { describe, expect, it } from 'vitest';
import { isDeeperThan } from './is-deeper-than.js';

describe('isDeeperThan', () => {
  it.each([
    ['text', 0],
    [[], 1],
    [{ a: 1, b: [] }, 2],
    [{ a: [{ b: null }], c: 1 }, 3],
  ])('counts the levels of %j', (value, levels) => {
    expect(isDeeperThan(value, levels)).toBe(false);
    if (levels > 0) expect(isDeeperThan(value, levels - 1)).toBe(true);
  });

  it('takes any number of them', () => {
    let deep: unknown = 1;
    for (let i = 0; i < 20_000; i++) deep = [deep];
    expect(isDeeperThan(deep, 100)).toBe(true);
    expect(isDeeperThan(deep, 19_999)).toBe(true);
    expect(isDeeperThan(deep, 20_000)).toBe(false);
  });
});
