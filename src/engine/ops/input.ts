import { apply, type DataType, type Operation, type Shape, type Tensor } from '../tensor.js';

interface InputAttributes {
  readonly name: string;
  readonly dtype: DataType;
  readonly shape: Shape;
}

const operation: Operation<InputAttributes> = {
  name: 'input',
  infer: (_, { dtype, shape }) => [{ dtype, shape }],
  emit: ({ input, attributes: { name, dtype, shape } }) => input(name, dtype, shape),
};

/** A value that is given each time the program runs. */
export function input(name: string, dtype: DataType, shape: Shape): Tensor {
  return apply(operation, [], { name, dtype, shape });
}
