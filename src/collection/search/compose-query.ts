import { ImagekinError } from '../../core/errors.js';

/** A vector with how much it counts. */
export interface WeightedVector {
  /** float32 [dimension], unit length. */
  readonly vector: Float32Array;
  /** Above 0. */
  readonly weight: number;
}

/**
 * How much images that the result shall be unlike count, where nothing is said. Less than those that it shall be like, as in
 * text retrieval: at a weight of 1 the query comes to point away from everything that both have in common.
 */
export const defaultUnlikeWeight = 0.5;

/**
 * One query of several vectors: q = unit(Σ wᵢ vᵢ − Σ uⱼ vⱼ), worked out in float64. Its nearest are those x with the greatest
 * Σ wᵢ cos(x, vᵢ) − Σ uⱼ cos(x, vⱼ). This is the relevance feedback of Rocchio (1971, "Relevance feedback in information
 * retrieval"), with a weight for each vector in the place of the means of both kinds.
 * @param like at least one
 * @returns float32 [dimension], unit length
 * @throws `wrong-usage` where they cancel each other out
 */
export function composeQuery(
  like: readonly WeightedVector[],
  unlike: readonly WeightedVector[] = [],
): Float32Array {
  const sum = new Float64Array(like[0]!.vector.length);
  const add = (sign: number) => (part: WeightedVector) => {
    for (let i = 0; i < sum.length; i++) sum[i]! += sign * part.weight * part.vector[i]!;
  };
  like.forEach(add(1));
  unlike.forEach(add(-1));
  const length = Math.sqrt(sum.reduce((squares, value) => squares + value * value, 0));
  const weight = [...like, ...unlike].reduce((all, part) => all + part.weight, 0);
  // What is left is rounding error of the float32 vectors.
  if (!(length > 1e-6 * weight))
    throw new ImagekinError('wrong-usage', {
      where: 'search',
      expected: 'images that leave something to search for',
      got: 'some that cancel each other out',
      fix: 'take one of them away, or give them other weights: cat.jpg^2',
    });
  return Float32Array.from(sum, (value) => value / length);
}
