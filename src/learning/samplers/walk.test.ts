import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from '../../core/random.js';
import { Walk } from './walk.js';

const walk = (count: number, windowSize: number, seed = 1) =>
  new Walk(count, windowSize, (pass) => Random.of(seed, 'walk', pass));
const counts = fc.integer({ min: 1, max: 30 });

describe('Walk', () => {
  it('meets each item once before any again', () => {
    fc.assert(
      fc.property(counts, counts, (count, windowSize) => {
        const through = walk(count, windowSize);
        const windows = Math.ceil((4 * count) / windowSize);
        const met = Array.from({ length: windows }, (_, i) => through.window(i)).flat();
        for (let pass = 0; pass < 4; pass++) {
          expect(new Set(met.slice(pass * count, (pass + 1) * count)).size).toBe(count);
        }
      }),
    );
  });

  it('holds in a window each item as often as any other, give or take one', () => {
    fc.assert(
      fc.property(counts, counts, fc.nat(40), (count, windowSize, index) => {
        const window = walk(count, windowSize).window(index);
        const times = [...Array(count).keys()].map((item) => window.filter((other) => other === item).length);
        expect(window).toHaveLength(windowSize);
        expect(Math.max(...times) - Math.min(...times)).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('gives a window by its number, in whatever order they are asked for', () => {
    const inOrder = [0, 1, 2, 3, 4, 5].map((i) => walk(7, 4).window(i));
    const one = walk(7, 4);
    expect([5, 1, 4, 4, 0, 2].map((i) => one.window(i))).toEqual([5, 1, 4, 4, 0, 2].map((i) => inOrder[i]));
  });

  it('takes another order in every pass, and for every stream', () => {
    const through = walk(12, 12);
    expect(through.window(0)).not.toEqual(through.window(1));
    expect(walk(12, 12, 2).window(0)).not.toEqual(walk(12, 12).window(0));
  });
});
