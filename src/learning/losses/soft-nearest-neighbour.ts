import { add, constant, multiply, subtract } from '../../engine/index.js';
import type { DistanceName } from '../distances/index.js';
import { compare } from './comparison.js';
import type { Loss } from './loss.js';
import { anyOf, maskedLogSumExp } from './masked.js';
import { type ReducerName, reduce } from './reducer.js';

export interface SoftNearestNeighbourOptions {
  /** Divides nearness. Default 0.1. */
  readonly temperature?: number;
  readonly distance?: DistanceName;
  readonly reducer?: ReducerName;
}

/**
 * Soft nearest neighbours, also known as neighbourhood components analysis: every image is to find, among all others of
 * the batch, any image of its class.
 *
 * L = mean over anchors i of −log( Σ_{j≠i, yⱼ=yᵢ} exp(s_ij/T) / Σ_{j≠i} exp(s_ij/T) )
 *
 * Goldberger et al. 2004 on cosine similarities, with the logarithm of Frosst et al. 2019. Anchors alone in their class
 * have no term; a batch of such has a loss of 0.
 */
export function softNearestNeighbour(options: SoftNearestNeighbourOptions = {}): Loss {
  const { temperature = 0.1, distance = 'dot', reducer = 'mean' } = options;
  return {
    name: 'soft-nearest-neighbour',
    options: { temperature, distance, reducer },
    comparesImages: true,
    build(batch) {
      const { nearness, positives, negatives } = compare(batch, distance);
      const logits = multiply(nearness, constant(1 / temperature));
      const terms = subtract(
        maskedLogSumExp(logits, add(positives, negatives)),
        maskedLogSumExp(logits, positives),
      );
      return reduce(reducer, terms, anyOf(positives));
    },
  };
}
