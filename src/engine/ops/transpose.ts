import { shapeMismatch } from '../shape.js';
import { apply, type Operation, type Tensor } from '../tensor.js';

const operation: Operation<{ readonly permutation: readonly number[] }> = {
  name: 'transpose',
  infer([x], { permutation }) {
    const isPermutation =
      permutation.length === x!.rank && [...permutation].sort((a, b) => a - b).every((axis, i) => axis === i);
    if (!isPermutation) {
      throw shapeMismatch(
        'transpose',
        `a tensor with ${permutation.length} axes`,
        [x!],
        'name each axis once',
      );
    }
    return [{ dtype: x!.dtype, shape: permutation.map((axis) => x!.shape[axis]!) }];
  },
  emit: ({ add, inputs, outputs, attributes: { permutation } }) =>
    void add('Transpose', inputs, { perm: permutation }, outputs),
  gradient({ attributes: { permutation }, outputGradient: g }) {
    const inverse = permutation.map((_, axis) => permutation.indexOf(axis));
    return [transpose(g, inverse)];
  },
};

/** Axes in another order: axis `i` of the result is axis `permutation[i]` of x. */
export function transpose(x: Tensor, permutation: readonly number[]): Tensor {
  return permutation.every((axis, i) => axis === i) && permutation.length === x.rank
    ? x
    : apply(operation, [x], { permutation });
}
