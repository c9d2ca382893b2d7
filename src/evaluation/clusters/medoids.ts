/**
 * The medoid of each cluster: of its points the one with the least mean cosine distance to the others, or, what is the same
 * for unit vectors, with the greatest dot product with their sum. The lower index on ties.
 *
 * @param points float32 [n, dimension], unit length
 * @param assignments int32 [n]: clusters from 0 to k − 1
 * @returns int32 [k]: indices of points; −1 for a cluster without any
 */
export function medoids(
  points: Float32Array,
  dimension: number,
  assignments: Int32Array,
  k: number,
): Int32Array {
  const sums = new Float64Array(k * dimension);
  for (const [i, cluster] of assignments.entries())
    for (let d = 0; d < dimension; d++) sums[cluster * dimension + d]! += points[i * dimension + d]!;
  const best = new Float64Array(k).fill(Number.NEGATIVE_INFINITY);
  const found = new Int32Array(k).fill(-1);
  for (const [i, cluster] of assignments.entries()) {
    let closeness = 0;
    for (let d = 0; d < dimension; d++)
      closeness += points[i * dimension + d]! * sums[cluster * dimension + d]!;
    if (closeness <= best[cluster]!) continue;
    best[cluster] = closeness;
    found[cluster] = i;
  }
  return found;
}
