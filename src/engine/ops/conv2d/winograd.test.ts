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
  const cases = [2, 3, 4].flatMap((tile) =>
    [0, 1, 2].flatMap((padding) => [3, 4, 7, 16, 31].map((length) => ({ tile, padding, length }))),
  );
  it.each(cases)('yields the outputs of the definition, for %j', ({ tile, padding, length }) => {
    const { input, kernel, output, products, tiles } = winograd({ length, padding }, tile);
    const x = Array.from({ length }, (_, i) => Math.sin(3 * i + 1));
    const w = [0.7, -1.3, 0.2];
    const transformed = product(kernel, w);
    const multiplied = product(input, x).map((value, i) => value * transformed[Math.floor(i / tiles)]!);
    expect(transformed.length).toBe(products);
    const expected = correlation(x, w, padding);
    const actual = product(output, multiplied);
    expect(actual.length).toBe(expected.length);
    for (const [i, value] of expected.entries()) expect(actual[i]).toBeCloseTo(value, 12);
  });
  it('takes m + 2 products for m outputs', () => {
    for (const tile of [2, 3, 4]) expect(winograd({ length: 12, padding: 1 }, tile).products).toBe(tile + 2);
  });
});

describe('fewestProducts', () => {
  it.each([
    [32, 6 * 8],
    [16, 6 * 4],
    [15, 6 * 4],
    [9, 5 * 3],
    [4, 6],
    [3, 5],
    [2, 4],
  ])('covers %d outputs with %d products', (length, count) => {
    const { products, tiles } = fewestProducts({ length, padding: 1 });
    expect(products * tiles).toBe(count);
  });
});
