import { elementCount, staticShape } from '../shape.js';
import type { Tensor } from '../tensor.js';
import { constant } from './constant.js';
import { multiply } from './multiply.js';
import { keptShape, type ReductionOptions, reduction } from './reduction.js';
import { reshape } from './reshape.js';
import { broadcastTo } from './sum.js';

/** Arithmetic mean over axes (all if left out). */
export const mean: (x: Tensor, options?: ReductionOptions) => Tensor = reduction(
  'mean',
  'ReduceMean',
  ({ inputs: [x], attributes: { axes }, outputGradient: g }) => {
    const shape = staticShape('mean (gradient)', x!);
    const count = elementCount(axes.map((axis) => shape[axis]!));
    return [broadcastTo(reshape(multiply(g, constant(1 / count)), keptShape(shape, axes)), shape)];
  },
);
