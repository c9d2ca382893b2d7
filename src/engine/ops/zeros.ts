import { apply, type Operation, type Tensor } from '../tensor.js';

const operation: Operation<{ readonly shape: readonly number[] }> = {
  name: 'zeros',
  infer: (_, { shape }) => [{ dtype: 'float32', shape }],
  emit: ({ add, constant, outputs, attributes: { shape } }) =>
    void add('Expand', [constant('float32', [], [0]), constant('int64', [shape.length], shape)], {}, outputs),
};

/** A float tensor of zeros, made when the program runs so that the file stays small. */
export function zeros(shape: readonly number[]): Tensor {
  return apply(operation, [], { shape });
}
