import { cast, equal, multiply, stopGradient } from '../../engine/index.js';
import type { Comparison } from '../losses/comparison.js';
import { anyOf, asColumn, maskedMax, maskedMin } from '../losses/masked.js';
import type { Miner } from './miner.js';

/**
 * The furthest positive and the nearest negative of each anchor (Hermans et al. 2017). Of equally hard ones all count, and
 * share the gradient. Anchors without a positive or without a negative have no triplet.
 */
export function batchHard(): Miner {
  return {
    name: 'batch-hard',
    options: {},
    pairs(comparison) {
      const { positives, negatives } = comparison;
      const nearness = stopGradient(comparison.nearness);
      const { positive, negative, weight } = hardest({ ...comparison, nearness });
      const at = (extreme: typeof positive, mask: typeof positives) =>
        multiply(multiply(cast(equal(nearness, extreme), 'float32'), mask), weight);
      return { positives: at(positive, positives), negatives: at(negative, negatives) };
    },
    triplets: hardest,
  };
}

function hardest({ nearness, positives, negatives }: Comparison) {
  return {
    positive: maskedMin(nearness, positives),
    negative: maskedMax(nearness, negatives),
    weight: asColumn(multiply(anyOf(positives), anyOf(negatives))),
  };
}
