import { sameShape, shapeMismatch, staticShape } from '../shape.js';
import { apply, type Operation, type Shape, type Tensor } from '../tensor.js';
import { keptShape, type ReductionOptions, reduction } from './reduction.js';
import { reshape } from './reshape.js';

// Summing and stretching are each other's gradient, so they share a file.

/** Sum over axes (all if left out). */
export const sum: (x: Tensor, options?: ReductionOptions) => Tensor = reduction(
  'sum',
  'ReduceSum',
  ({ inputs: [x], attributes: { axes }, outputGradient: g }) => [
    broadcastTo(reshape(g, keptShape(x!.shape, axes)), x!.shape),
  ],
);

const stretching: Operation<{ readonly shape: Shape }> = {
  name: 'broadcastTo',
  infer([x], { shape }) {
    const fits =
      x!.rank <= shape.length && x!.shape.every((d, i) => d === 1 || d === shape[i + shape.length - x!.rank]);
    if (!fits)
      throw shapeMismatch(
        'broadcastTo',
        `a shape that stretches to [${shape.join(', ')}]`,
        [x!],
        'reshape it',
      );
    return [{ dtype: x!.dtype, shape }];
  },
  emit({ node, add, constant, inputs, outputs }) {
    const shape = staticShape('broadcastTo', node.outputs[0]!);
    add('Expand', [inputs[0]!, constant('int64', [shape.length], shape)], {}, outputs);
  },
  gradient: ({ inputs: [x], outputGradient: g }) => [sumTo(g, x!.shape)],
};

/** x stretched to a shape along its axes of length 1. */
export function broadcastTo(x: Tensor, shape: Shape): Tensor {
  return sameShape(x.shape, shape) ? x : apply(stretching, [x], { shape });
}

/** Sums over the axes that broadcasting stretched: what turns a gradient of a result into one of a smaller operand. */
export function sumTo(x: Tensor, shape: Shape): Tensor {
  if (sameShape(x.shape, shape)) return x;
  const added = x.rank - shape.length;
  const axes = x.shape.flatMap((d, axis) =>
    axis < added || (shape[axis - added] === 1 && d !== 1) ? [axis] : [],
  );
  return reshape(sum(x, { axes }), shape);
}
