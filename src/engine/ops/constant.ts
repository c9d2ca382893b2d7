import { elementCount, shapeMismatch } from '../shape.js';
import { apply, type DataType, type Operation, type Tensor } from '../tensor.js';

interface ConstantAttributes {
  readonly dtype: DataType;
  readonly shape: readonly number[];
  readonly values: ArrayLike<number>;
}

const operation: Operation<ConstantAttributes> = {
  name: 'constant',
  infer: (_, { dtype, shape }) => [{ dtype, shape }],
  emit({ attributes: { dtype, shape, values }, constant: store, add, outputs }) {
    add('Identity', [store(dtype, shape, values)], {}, outputs);
  },
};

/** A value fixed when the graph is built: a number, or the elements of a tensor in row-major order. */
export function constant(
  values: number | ArrayLike<number>,
  shape: readonly number[] = [],
  dtype: DataType = 'float32',
): Tensor {
  const list = typeof values === 'number' ? [values] : values;
  const tensor = apply(operation, [], { dtype, shape, values: list });
  if (elementCount(shape) !== list.length) {
    throw shapeMismatch(
      'constant',
      `${elementCount(shape)} values`,
      [tensor],
      `give that many; ${list.length} came`,
    );
  }
  return tensor;
}
