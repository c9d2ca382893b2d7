import { dotProduct } from './dot-product.js';

/**
 * How far float32 products of each query and vectors of unit length may be off, for all orders of adding up.
 * @param queries float32 [queries, dimension]
 */
export function roundingBounds(queries: Float32Array, dimension: number): Float64Array {
  const nu = dimension * 2 ** -24;
  return Float64Array.from({ length: queries.length / dimension }, (_, query) => {
    const squared = dotProduct(queries, query * dimension, queries, query * dimension, dimension);
    // Vectors of unit length are so to a few roundings; the 1 % is for them and for those of the float64 score.
    return ((1.01 * nu) / (1 - nu)) * Math.sqrt(squared);
  });
}
