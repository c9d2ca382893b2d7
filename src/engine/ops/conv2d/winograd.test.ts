import { describe, expect, it } from 'vitest';
import type { Matrix } from '../map-axis.js';
import { fewestProducts, winograd } from './winograd.js';

const product = (matrix: Matrix, x: readonly number[]) =>
  matrix.map((row) => row.reduce((sum, value, j) => sum + value * x[j]!, 0));

/** A correlation with three taps by its definition, zeros on both sides. */
function correlation(x: readonly number[], w: readonly number[], padding: number): number[] {
  return Array.from({ length: x.length + 2 * padding - 2 }, (_, i) =>
    w.reduce((sum, tap, k) => sum + tap * (x[i + k - padding] ?? 0), 0),
  );
}

describe('winograd', () => {
  const cases = [2, 3, 4, 5, 6].flatMap((tile) =>
    [0, 1, 2].flatMap((padding) =>
      [3, 4, 7, 16, 31].flatMap((length) =>
        (['by-product', 'by-tile'] as const).map((order) => ({ tile, padding, length, order })),
      ),
    ),
  );
  it.each(cases)('yields the outputs of the definition, for %j', ({ tile, padding, length, order }) => {
    const { input, kernel, output, products, tiles } = winograd({ length, padding, order }, tile);
    const x = Array.from({ length }, (_, i) => Math.sin(3 * i + 1));
    const w = [0.7, -1.3, 0.2];
    const transformed = product(kernel, w);
    const productOf = (i: number) => (order === 'by-tile' ? i % products : Math.floor(i / tiles));
    const multiplied = product(input, x).map((value, i) => value * transformed[productOf(i)]!);
    expect(transformed.length).toBe(products);
    const expected = correlation(x, w, padding);
    const actual = product(output, multiplied);
    expect(actual.length).toBe(expected.length);
    for (const [i, value] of expected.entries()) expect(actual[i]).toBeCloseTo(value, 11);
  });
  it('yields no more outputs than are wanted', () => {
    const window = { length: 31, padding: 1, order: 'by-tile' } as const;
    const [all, some] = [winograd(window, 6), winograd({ ...window, out: 30 }, 6)];
    expect([all.tiles, some.tiles]).toEqual([6, 5]);
    expect(some.output).toEqual(all.output.slice(0, 30).map((row) => row.slice(0, 40)));
    expect(some.input).toEqual(all.input.slice(0, 40));
  });
  it('takes m + 2 products for m outputs', () => {
    for (const tile of [2, 3, 4, 5, 6]) {
      expect(winograd({ length: 12, padding: 1, order: 'by-tile' }, tile).products).toBe(tile + 2);
    }
  });
});

describe('fewestProducts', () => {
  it.each([
    [32, 6 * 8],
    [30, 8 * 5],
    [16, 6 * 4],
    [15, 7 * 3],
    [9, 7 * 2],
    [6, 8],
    [4, 6],
    [3, 5],
    [2, 4],
  ])('covers %d outputs with %d products', (length, count) => {
    const { products, tiles } = fewestProducts({ length, padding: 1, order: 'by-tile' });
    expect(products * tiles).toBe(count);
  });
});
