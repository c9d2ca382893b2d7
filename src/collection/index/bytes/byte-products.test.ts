import { describe, expect, it } from 'vitest';
import { Random } from '../../../core/random.js';
import { groupSize } from '../scan-programs.js';
import { rowsThatReach } from './byte-products.js';

const random = Random.of(2, 'byte products');

/** Rows by the definition: those of the groups with Σᵢ qᵢ·(xᵢ − 128) ≥ least. */
function naive(least: number, query: Float32Array, matrix: Uint8Array, groups: readonly number[]) {
  return groups
    .flatMap((first) => Array.from({ length: groupSize }, (_, i) => first + i))
    .filter((row) => {
      const products = Array.from(query, (value, i) => value * (matrix[row * query.length + i]! - 128));
      return products.reduce((sum, each) => sum + each, 0) >= least;
    });
}

describe('rowsThatReach', () => {
  // Of 1280 numbers not all groups go through at once.
  it.each([16, 128, 1280])('finds the rows of groups that reach a product, of %d numbers', (dimension) => {
    const count = 24;
    const matrix = Uint8Array.from({ length: count * groupSize * dimension }, () => random.integer(256));
    const query = Float32Array.from({ length: dimension }, () => random.integer(255) - 127);
    const all = Array.from({ length: count }, (_, i) => i * groupSize);
    for (const groups of [all, all.filter((_, i) => i % 3 !== 1), []])
      for (const least of [Number.NEGATIVE_INFINITY, 0, 5000 * Math.sqrt(dimension), Number.NaN]) {
        const options = { groups: Uint32Array.from(groups), dimension };
        const found = rowsThatReach(least, query, matrix, options);
        expect([...found]).toEqual(naive(least, query, matrix, groups));
      }
  });

  it.each([7, 24, 20_000])('leaves none out where it cannot tell, of %d numbers', (dimension) => {
    const groups = Uint32Array.of(0, 2 * groupSize);
    const query = new Float32Array(dimension);
    const found = rowsThatReach(1, query, new Uint8Array(3 * groupSize * dimension), { groups, dimension });
    const expected = [0, 2].flatMap((group) => Array.from({ length: 16 }, (_, i) => 16 * group + i));
    expect([...found]).toEqual(expected);
  });

  it('adds up the largest numbers without cutting any off', () => {
    const dimension = 256;
    const matrix = new Uint8Array(groupSize * dimension);
    matrix.fill(255, 0, 3 * dimension);
    const options = { groups: Uint32Array.of(0), dimension };
    const up = new Float32Array(dimension).fill(127);
    expect([...rowsThatReach(127 * 127 * dimension, up, matrix, options)]).toEqual([0, 1, 2]);
    expect([...rowsThatReach(127 * 127 * dimension + 1, up, matrix, options)]).toEqual([]);
    const down = new Float32Array(dimension).fill(-127);
    const zeros = Array.from({ length: 13 }, (_, i) => i + 3);
    expect([...rowsThatReach(128 * 127 * dimension, down, matrix, options)]).toEqual(zeros);
  });
});
