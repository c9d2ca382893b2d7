import { add, constant, divide, maximum, multiply, subtract, sum } from '../../engine/index.js';
import type { DistanceName } from '../distances/index.js';
import { compare } from './comparison.js';
import type { Loss } from './loss.js';
import { anyOf, countOf, maskedLogSumExp } from './masked.js';
import { type ReducerName, reduce } from './reducer.js';

export interface SupConOptions {
  /** Divides nearness. Default 0.1. */
  readonly temperature?: number;
  readonly distance?: DistanceName;
  readonly reducer?: ReducerName;
}

/**
 * Supervised contrastive loss, the form with the sum outside of the logarithm (Khosla et al. 2020, L_out): every image is
 * to find each of its class among all others of the batch.
 *
 * L = mean over anchors i of −1/|P(i)| Σ_{p∈P(i)} log( exp(s_ip/T) / Σ_{a≠i} exp(s_ia/T) )
 *
 * Anchors alone in their class have no term; a batch of such has a loss of 0.
 */
export function supCon({
  temperature = 0.1,
  distance = 'cosine',
  reducer = 'mean',
}: SupConOptions = {}): Loss {
  return {
    name: 'sup-con',
    options: { temperature, distance, reducer },
    comparesImages: true,
    build(batch) {
      const { nearness, positives, negatives } = compare(batch, distance);
      const logits = multiply(nearness, constant(1 / temperature));
      const all = maskedLogSumExp(logits, add(positives, negatives));
      const own = divide(
        sum(multiply(logits, positives), { axes: [1] }),
        maximum(countOf(positives), constant(1)),
      );
      return reduce(reducer, subtract(all, own), anyOf(positives));
    },
  };
}
