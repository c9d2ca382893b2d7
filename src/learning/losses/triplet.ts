import { add, constant, relu, softplus, subtract } from '../../engine/index.js';
import type { DistanceName } from '../distances/index.js';
import { batchSemiHard } from '../miners/batch-semi-hard.js';
import type { Miner } from '../miners/miner.js';
import { compare } from './comparison.js';
import type { Loss } from './loss.js';
import { type ReducerName, reduce, shareAboveZero } from './reducer.js';

export interface TripletOptions {
  /** How much nearer the positive is to be, in units of the distance, or `soft` for a smooth hinge at 0. Default 0.2. */
  readonly margin?: number | 'soft';
  readonly distance?: DistanceName;
  /** Which triplets count. Default: semi-hard ones. */
  readonly miner?: Miner;
  readonly reducer?: ReducerName;
}

/**
 * Triplet loss (Schroff et al. 2015, FaceNet): an anchor is to be nearer to its positive than to its negative, by a margin.
 *
 * L = mean of max(0, d_ap − d_an + m) over the triplets (a, p, n) where that is above 0 (`reducer`), or with a soft margin
 * (Hermans et al. 2017, on unsquared distances) of log(1 + exp(d_ap − d_an)) over all.
 *
 * A batch without triplets (one class, or no two images of any) has a loss of 0.
 */
export function triplet(options: TripletOptions = {}): Loss {
  const {
    margin = 0.2,
    distance = 'squared-euclidean',
    miner = batchSemiHard(),
    reducer = 'mean-of-non-zero',
  } = options;
  return {
    name: 'triplet',
    options: { margin, distance, miner: { name: miner.name, ...miner.options }, reducer },
    comparesImages: true,
    build(batch) {
      const { positive, negative, weight } = miner.triplets(compare(batch, distance));
      const excess = subtract(negative, positive);
      const terms = margin === 'soft' ? softplus(excess) : relu(add(excess, constant(margin)));
      batch.report('activeTriplets', shareAboveZero(margin === 'soft' ? excess : terms, weight));
      return reduce(reducer, terms, weight);
    },
  };
}
