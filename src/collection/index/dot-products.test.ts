import { describe, expect, it } from 'vitest';
import { Random } from '../../core/random.js';
import { dotProduct } from './dot-product.js';
import { dotProducts } from './dot-products.js';

const random = Random.of(4, 'dot products');
const drawn = (length: number) => Float32Array.from({ length }, () => random.normal());

function productsOf(
  query: Float32Array,
  queryFrom: number,
  matrix: Float32Array,
  rows: number[],
  dimension: number,
) {
  const products: number[] = [];
  dotProducts(query, queryFrom, matrix, { rows: Uint32Array.from(rows), dimension }, (place, product) => {
    expect(place).toBe(products.length);
    products.push(product);
  });
  return products;
}

describe('dotProducts', () => {
  it.each([
    [4, 3],
    [4, 100],
    [8, 16],
    [128, 40],
    [128, 900],
    [1280, 60],
    [8192, 30],
    [40_000, 5],
    [7, 9],
    [130, 20],
    [12, 0],
  ])('is what dotProduct is, to the bit, for vectors of %d and %d rows', (dimension, count) => {
    const query = drawn(3 * dimension);
    const matrix = drawn((count + 2) * dimension);
    const all = Array.from({ length: count }, (_, i) => i + 1);
    for (const rows of [all, all.filter((row) => row % 7 !== 0), all.filter((row) => row % 2 === 0)]) {
      const expected = rows.map((row) => dotProduct(query, dimension, matrix, row * dimension, dimension));
      expect(productsOf(query, dimension, matrix, rows, dimension)).toEqual(expected);
    }
  });

  it('hands out what is not a number', () => {
    const rows = drawn(6 * 4);
    rows[9] = Number.NaN;
    rows[13] = Number.POSITIVE_INFINITY;
    const query = new Float32Array(8).fill(1);
    const products = productsOf(query, 4, rows, [0, 1, 2, 3, 4, 5], 4);
    expect(products[2]).toBeNaN();
    expect(products[3]).toBe(Number.POSITIVE_INFINITY);
  });
});
