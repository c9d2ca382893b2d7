import { add, multiply, subtract, type Tensor } from '../engine/index.js';

export interface WeightAverageOptions {
  /** Share of the average that is kept when new weights are taken in. The average spans some 1 / (1 − decay) of them. */
  readonly decay: number;
  /** Steps between the weights that are taken in. Default 1. */
  readonly everySteps?: number;
}

/**
 * The share that the weights after a step have in the average: 0 where the step is not one to take in, else
 * (1 − decay) / (1 − decayⁿ) at the n-th time. So the average is Σ decayⁿ⁻ⁱ θᵢ / Σ decayⁿ⁻ⁱ exactly, without the first
 * values that a plain exponential average would drag along (Adam's correction for bias, Kingma and Ba 2015, section 3).
 *
 * @param step counts from 1
 */
export function shareInAverage(step: number, { decay, everySteps = 1 }: WeightAverageOptions): number {
  if (step % everySteps !== 0) return 0;
  return (1 - decay) / (1 - decay ** (step / everySteps));
}

/** average + share · (values − average): one pass, for tensors of one shape and a scalar. */
export function blendedIn(average: Tensor, values: Tensor, share: Tensor): Tensor {
  return add(average, multiply(subtract(values, average), share));
}
