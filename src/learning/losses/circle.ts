import { add, constant, multiply, relu, softplus, stopGradient, subtract } from '../../engine/index.js';
import { compare } from './comparison.js';
import type { Loss } from './loss.js';
import { anyOf, maskedLogSumExp } from './masked.js';
import { type ReducerName, reduce } from './reducer.js';

export interface CircleOptions {
  /** m: the optimum is a cosine of 1 + m for positives and −m for negatives. Default 0.4. */
  readonly margin?: number;
  /** γ, sharpness. Default 80. */
  readonly scale?: number;
  readonly reducer?: ReducerName;
}

/**
 * Circle loss on pairs (Sun et al. 2020): a cosine is corrected the more, the further it is from its optimum.
 *
 * L = mean over anchors of log(1 + Σ_n exp(γ αₙ (sₙ − m)) · Σ_p exp(−γ α_p (s_p − 1 + m))),
 * α_p = max(0, 1 + m − s_p), αₙ = max(0, sₙ + m), both taken as constants when differentiating.
 *
 * Anchors without a positive or without a negative have no term; a batch of such has a loss of 0.
 */
export function circle({ margin = 0.4, scale = 80, reducer = 'mean' }: CircleOptions = {}): Loss {
  return {
    name: 'circle',
    options: { margin, scale, reducer },
    comparesImages: true,
    build(batch) {
      const { nearness, positives, negatives } = compare(batch, 'cosine');
      const fixed = stopGradient(nearness);
      const pull = multiply(relu(subtract(constant(1 + margin), fixed)), constant(-scale));
      const push = multiply(relu(add(fixed, constant(margin))), constant(scale));
      const ofPositives = multiply(pull, subtract(nearness, constant(1 - margin)));
      const ofNegatives = multiply(push, subtract(nearness, constant(margin)));
      const terms = softplus(
        add(maskedLogSumExp(ofNegatives, negatives), maskedLogSumExp(ofPositives, positives)),
      );
      return reduce(reducer, terms, multiply(anyOf(positives), anyOf(negatives)));
    },
  };
}
