import { type Layout, multiply, type ParameterPlace, type Tensor } from '../../engine/index.js';
import type { Described } from '../network.js';

/** One optimizer step inside the training graph. All vectors are flat: float32 [number of trained parameters]. */
export interface OptimizerStep {
  readonly parameters: Tensor;
  readonly gradient: Tensor;
  /** The optimizer's own vectors, in the order of `slots`. */
  readonly slots: readonly Tensor[];
  /** One per number that `scalars` returned: float32 []. */
  readonly scalars: readonly Tensor[];
  /** 1 for elements of weight matrices and kernels, 0 for biases, scales and offsets: what weight decay applies to. */
  readonly decayed: Tensor;
  /** Learning rate of each element as a multiple of that of the step; left out where all are 1. */
  readonly rates?: Tensor;
  /** Where each parameter lies in the flat vectors. */
  readonly places: readonly ParameterPlace[];
  /** Of the network: kernels are [height, width, in, out] where channels are last in it, else [out, in, height, width]. */
  readonly layout: Layout;
}

export interface Optimizer extends Described {
  /** Names of the flat vectors that it keeps from step to step; they start as zeros. */
  readonly slots: readonly string[];
  /**
   * The numbers of one step that are not tensors, computed in float64.
   * @param step counts from 1
   */
  scalars(step: number, learningRate: number): readonly number[];
  build(step: OptimizerStep): { readonly parameters: Tensor; readonly slots: readonly Tensor[] };
}

/** A learning rate, float32 [], for all elements or for each by its multiple. */
export function eachBy(rates: Tensor | undefined, learningRate: Tensor): Tensor {
  return rates === undefined ? learningRate : multiply(rates, learningRate);
}
