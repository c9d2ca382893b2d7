import { symmetricEigen } from './symmetric-eigen.js';

/** Past this, eigenvalues would take longer than the training between two looks at them. */
const mostDimensions = 256;

/**
 * Effective rank (Roy and Vetterli 2007): exp(−Σ pᵢ log pᵢ) with pᵢ = λᵢ/Σλ, λ the eigenvalues of the covariance. How many
 * directions embeddings are spread along: D where they are spread evenly, 1 where they lie on a line; 0 without any spread.
 * (Roy and Vetterli take singular values of a matrix; for a covariance these are its eigenvalues.)
 *
 * @param embeddings float32 [n, dimension]
 * @returns `undefined` for more than 256 dimensions, whose eigenvalues would take too long
 */
export function effectiveRank(embeddings: Float32Array, dimension: number): number | undefined {
  if (dimension > mostDimensions) return undefined;
  const { values } = symmetricEigen(covariance(embeddings, dimension));
  const total = values.reduce((sum, value) => sum + Math.max(0, value), 0);
  if (total === 0) return 0;
  const entropy = values.reduce((sum, value) => {
    const share = value / total;
    // Rounding leaves eigenvalues of zero a hair on either side.
    return share > 1e-12 ? sum - share * Math.log(share) : sum;
  }, 0);
  return Math.exp(entropy);
}

/** In float64. */
function covariance(embeddings: Float32Array, dimension: number): number[][] {
  const count = embeddings.length / dimension;
  const means = new Float64Array(dimension);
  for (let i = 0; i < embeddings.length; i++) means[i % dimension]! += embeddings[i]! / count;
  const sums = new Float64Array(dimension * dimension);
  const centred = new Float64Array(dimension);
  for (let row = 0; row < count; row++) {
    for (let j = 0; j < dimension; j++) centred[j] = embeddings[row * dimension + j]! - means[j]!;
    for (let i = 0; i < dimension; i++) {
      const value = centred[i]!;
      for (let j = 0; j <= i; j++) sums[i * dimension + j]! += value * centred[j]!;
    }
  }
  const at = (i: number, j: number) => sums[Math.max(i, j) * dimension + Math.min(i, j)]! / count;
  return Array.from({ length: dimension }, (_, i) => Array.from({ length: dimension }, (_, j) => at(i, j)));
}
