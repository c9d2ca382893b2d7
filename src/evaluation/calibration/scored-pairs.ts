/**
 * Pairs of images with their scores, and whether both show the same class: what calibration learns from and is measured
 * on.
 */
export interface ScoredPairs {
  /** float64 [n]: cosine similarity. */
  readonly scores: Float64Array;
  /** uint8 [n]: 1 where both are of the same class. */
  readonly same: Uint8Array;
  /**
   * float64 [n], adding up to n: how many pairs of the stated population one drawn pair stands for. All 1 unless the
   * draw was stratified.
   */
  readonly weights: Float64Array;
  /**
   * int32 [n]: what the first image of a pair belongs to, itself or its class. Pairs that share a cluster on either side
   * depend on each other; different clusters are taken to be independent.
   */
  readonly clusters: Int32Array;
  /** int32 [n]: the same of the second image, in the same numbering. */
  readonly partners: Int32Array;
}

/** Which pairs are drawn, and so what a calibrated probability is a probability of. */
export type PairPopulation =
  /** Each image with its `k` nearest others: the hits that somebody who searches is shown. */
  | { readonly kind: 'neighbours'; readonly k: number }
  /** Any two different images. */
  | { readonly kind: 'random' };

/** Share of the pairs that are of the same class: Σ w·same / Σ w. The prior that a calibration holds for. */
export function baseRate({ same, weights }: ScoredPairs): number {
  let positive = 0;
  let total = 0;
  for (let i = 0; i < same.length; i++) {
    total += weights[i];
    if (same[i]) positive += weights[i];
  }
  return positive / total;
}

/** How many of the drawn pairs are of the same class, each counted once. */
export function sameCount({ same }: ScoredPairs): number {
  return same.reduce((count, value) => count + value, 0);
}

/** The pairs at `indices`, with weights that again add up to their number. */
export function selectPairs(pairs: ScoredPairs, indices: ArrayLike<number>): ScoredPairs {
  const chosen = Int32Array.from(indices);
  const weights = Float64Array.from(chosen, (i) => pairs.weights[i]);
  const scale = chosen.length / weights.reduce((sum, weight) => sum + weight, 0);
  return {
    scores: Float64Array.from(chosen, (i) => pairs.scores[i]),
    same: Uint8Array.from(chosen, (i) => pairs.same[i]),
    weights: weights.map((weight) => weight * scale),
    clusters: Int32Array.from(chosen, (i) => pairs.clusters[i]),
    partners: Int32Array.from(chosen, (i) => pairs.partners[i]),
  };
}
