import { add, constant, multiply, softplus, subtract, type Tensor } from '../../engine/index.js';
import { type DistanceName, distances } from '../distances/index.js';
import type { Miner } from '../miners/miner.js';
import { multiSimilarityMiner } from '../miners/multi-similarity.js';
import { compare } from './comparison.js';
import type { Loss } from './loss.js';
import { anyOf, maskedLogSumExp } from './masked.js';
import { average, type ReducerName, reduce } from './reducer.js';

export interface MultiSimilarityOptions {
  /** α, sharpness for positives. Default 2. */
  readonly alpha?: number;
  /** β, sharpness for negatives. Default 50. */
  readonly beta?: number;
  /** λ, about which pairs are weighed, in units of the distance. Default: a cosine of 0.5, a squared distance of 1. */
  readonly base?: number;
  readonly distance?: DistanceName;
  /** Which pairs count. Default: the paper's own miner, with a margin of 0.1. */
  readonly miner?: Miner;
  readonly reducer?: ReducerName;
}

/**
 * Multi-similarity loss (Wang et al. 2019): each pair weighs by its own similarity and by how it stands among the others.
 *
 * L = mean over anchors i of 1/α log(1 + Σ_p exp(−α(s_ip − λ))) + 1/β log(1 + Σ_n exp(β(s_in − λ)))
 *
 * Anchors without any pair that counts have no term; a batch of such has a loss of 0.
 */
export function multiSimilarity(options: MultiSimilarityOptions = {}): Loss {
  const { alpha = 2, beta = 50, distance = 'cosine', reducer = 'mean' } = options;
  const { sign } = distances[distance];
  const { base = sign > 0 ? 0.5 : 1 } = options;
  const { miner = multiSimilarityMiner() } = options;
  return {
    name: 'multi-similarity',
    options: { alpha, beta, base, distance, miner: { name: miner.name, ...miner.options }, reducer },
    comparesImages: true,
    build(batch) {
      const comparison = compare(batch, distance);
      const { positives, negatives } = miner.pairs(comparison);
      batch.report('activePositives', average(positives, comparison.positives));
      batch.report('activeNegatives', average(negatives, comparison.negatives));
      const above = subtract(comparison.nearness, constant(sign * base));
      const side = (sharpness: number, sign: number, mask: Tensor) =>
        multiply(
          softplus(maskedLogSumExp(multiply(above, constant(sign * sharpness)), mask)),
          constant(1 / sharpness),
        );
      const terms = add(side(alpha, -1, positives), side(beta, 1, negatives));
      return reduce(reducer, terms, anyOf(add(positives, negatives)));
    },
  };
}
