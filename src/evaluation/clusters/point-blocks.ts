/** Bound on the products of one block of points, in elements (16 MB). */
const productsPerBlock = 2 ** 22;
const mostPointsPerBlock = 8192;

/** Points in blocks of which each has its products with `columns` vectors in bounded memory. */
export function* pointBlocks(
  points: Float32Array,
  dimension: number,
  columns: number,
): Generator<{ readonly first: number; readonly block: Float32Array }> {
  const count = points.length / dimension;
  const perBlock = Math.max(1, Math.min(mostPointsPerBlock, Math.floor(productsPerBlock / columns)));
  for (let first = 0; first < count; first += perBlock) {
    const end = Math.min(first + perBlock, count);
    yield { first, block: points.subarray(first * dimension, end * dimension) };
  }
}

/** ‖x‖² of each row: float64 [n]. */
export function squaredLengths(vectors: Float32Array, dimension: number): Float64Array {
  const lengths = new Float64Array(vectors.length / dimension);
  for (let i = 0, at = 0; i < lengths.length; i++)
    for (let j = 0; j < dimension; j++, at++) lengths[i] += vectors[at] ** 2;
  return lengths;
}
