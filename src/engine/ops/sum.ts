import { elementCount, sameShape, shapeMismatch, staticShape } from '../shape.js';
import { apply, type Lowering, type Operation, type Shape, type Tensor } from '../tensor.js';
import { writeColumnSums } from './column-sums.js';
import { keptShape, type ReductionAttributes, type ReductionOptions, reduction } from './reduction.js';
import { reshape } from './reshape.js';

// Summing and stretching are each other's gradient, so they share a file.

/** With fewer rows, and shorter ones, no way to add them up is worth measuring. */
const manyRows = 64;
const longRow = 2 ** 12;

/** Sums over the first axes are sums over the rows of a matrix. */
const byColumnSums: Lowering<ReductionAttributes> = {
  name: 'column-sums',
  emit(emission) {
    const { node, add, constant, inputs, outputs, attributes } = emission;
    const shape = staticShape('sum', node.inputs[0]!);
    const rows = elementCount(shape.slice(0, attributes.axes.length));
    const sums = writeColumnSums(emission, inputs[0]!, { rows, columns: elementCount(shape) / rows });
    const result = staticShape('sum', node.outputs[0]!);
    add('Reshape', [sums, constant('int64', [result.length], result)], {}, outputs);
  },
};

/** Sum over axes (all if left out). */
export const sum: (x: Tensor, options?: ReductionOptions) => Tensor = reduction(
  'sum',
  'ReduceSum',
  ({ inputs: [x], attributes: { axes }, outputGradient: g }) => [
    broadcastTo(reshape(g, keptShape(x!.shape, axes)), x!.shape),
  ],
  ({ inputs: [x], attributes: { axes } }) => {
    const isOverFirst = axes.length < x!.rank && axes.every((axis, i) => axis === i);
    if (!isOverFirst || !x!.shape.every(Number.isInteger)) return [];
    const rows = elementCount(x!.shape.slice(0, axes.length) as number[]);
    const columns = elementCount(x!.shape.slice(axes.length) as number[]);
    return rows >= manyRows || columns >= longRow ? [byColumnSums] : [];
  },
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
