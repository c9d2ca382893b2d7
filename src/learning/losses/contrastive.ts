import { add, constant, relu, subtract } from '../../engine/index.js';
import { type DistanceName, distances } from '../distances/index.js';
import { batchAll } from '../miners/batch-all.js';
import type { Miner } from '../miners/miner.js';
import { compare } from './comparison.js';
import type { Loss } from './loss.js';
import { type ReducerName, reduce, shareAboveZero } from './reducer.js';

export interface ContrastiveOptions {
  /** Where positives stop being pulled, in units of the distance. Default: a cosine of 1, a squared distance of 0. */
  readonly positiveMargin?: number;
  /** Where negatives stop being pushed. Default: a cosine of 0.5, a squared distance of 1. */
  readonly negativeMargin?: number;
  readonly distance?: DistanceName;
  /** Which pairs count. Default: all. */
  readonly miner?: Miner;
  readonly reducer?: ReducerName;
}

/**
 * Contrastive loss (Hadsell et al. 2006; linear hinges, and a margin on both sides, as in Musgrave et al. 2020).
 *
 * For similarities L = mean over positive pairs of max(0, m₊ − s) + mean over negative pairs of max(0, s − m₋), each over
 * the pairs where it is above 0 (`reducer`); for distances both differences turn round. A kind of pair that a batch does not have counts as 0.
 */
export function contrastive(options: ContrastiveOptions = {}): Loss {
  const { distance = 'cosine', miner = batchAll(), reducer = 'mean-of-non-zero' } = options;
  const { sign } = distances[distance];
  const { positiveMargin = sign > 0 ? 1 : 0, negativeMargin = sign > 0 ? 0.5 : 1 } = options;
  return {
    name: 'contrastive',
    options: {
      positiveMargin,
      negativeMargin,
      distance,
      miner: { name: miner.name, ...miner.options },
      reducer,
    },
    comparesImages: true,
    build(batch) {
      const comparison = compare(batch, distance);
      const { nearness } = comparison;
      const pairs = miner.pairs(comparison);
      const tooFar = relu(subtract(constant(sign * positiveMargin), nearness));
      const tooNear = relu(subtract(nearness, constant(sign * negativeMargin)));
      batch.report('activePositives', shareAboveZero(tooFar, pairs.positives));
      batch.report('activeNegatives', shareAboveZero(tooNear, pairs.negatives));
      return add(reduce(reducer, tooFar, pairs.positives), reduce(reducer, tooNear, pairs.negatives));
    },
  };
}
