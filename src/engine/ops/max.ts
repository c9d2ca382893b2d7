import type { Tensor } from '../tensor.js';
import { cast } from './cast.js';
import { divide } from './divide.js';
import { equal } from './equal.js';
import { multiply } from './multiply.js';
import { keptShape, type ReductionOptions, reduction } from './reduction.js';
import { reshape } from './reshape.js';
import { sum } from './sum.js';

/** Largest element over axes (all if left out). Equal largest elements share the gradient. */
export const max: (x: Tensor, options?: ReductionOptions) => Tensor = reduction(
  'max',
  'ReduceMax',
  ({ inputs: [x], outputs: [y], attributes: { axes }, outputGradient: g }) => {
    const kept = keptShape(x!.shape, axes);
    const isLargest = cast(equal(x!, reshape(y!, kept)), 'float32');
    const share = divide(reshape(g, kept), sum(isLargest, { axes, keepAxes: true }));
    return [multiply(isLargest, share)];
  },
);
