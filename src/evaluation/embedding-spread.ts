/** How far a set of embeddings is from all being alike. */
export interface EmbeddingSpread {
  /** Standard deviation of each dimension over the set. */
  readonly deviationPerDimension: readonly number[];
  /**
   * √(Σ_j σ_j²) in [0, 1] for unit vectors: 0 where all are equal, 1 where their mean is the origin. √D times the
   * root mean square deviation of a dimension.
   */
  readonly spread: number;
  /** Mean cosine over all pairs of different embeddings: 1 where all point the same way; `null` for fewer than two. */
  readonly meanPairwiseCosine: number | null;
}

/**
 * Measures the spread of unit vectors in one pass, O(n·d): Σ_j σ_j² = 1 − ‖x̄‖², and the mean cosine over pairs is
 * (‖Σ x‖² − n) / (n (n − 1)).
 *
 * The deviation per dimension is what Chen and He, "Exploring Simple Siamese Representation Learning" (CVPR 2021),
 * section 4.1, watch for collapse: 0 when collapsed, about 1/√d when spread evenly over the sphere.
 *
 * @param embeddings float32 [n, dimension], unit length; n = 0 gives spread 0
 */
export function embeddingSpread(embeddings: Float32Array, dimension: number): EmbeddingSpread {
  const count = embeddings.length / dimension;
  const means = new Float64Array(dimension);
  for (let i = 0; i < embeddings.length; i++) means[i % dimension] += embeddings[i] / count;
  const variances = new Float64Array(dimension);
  for (let i = 0; i < embeddings.length; i++)
    variances[i % dimension] += (embeddings[i] - means[i % dimension]) ** 2 / count;
  const sumSquared = count ** 2 * means.reduce((sum, mean) => sum + mean ** 2, 0);
  return {
    deviationPerDimension: Array.from(variances, Math.sqrt),
    spread: Math.sqrt(variances.reduce((sum, variance) => sum + variance, 0)),
    meanPairwiseCosine: count < 2 ? null : (sumSquared - count) / (count * (count - 1)),
  };
}
