import { ImagekinError } from '../../core/errors.js';
import { apply, type Operation, type Tensor } from '../tensor.js';

interface ParameterAttributes {
  readonly name: string;
  readonly shape: readonly number[];
}

const operation: Operation<ParameterAttributes> = {
  name: 'parameter',
  infer: (_, { shape }) => [{ dtype: 'float32', shape }],
  emit({ attributes: { name } }) {
    throw new ImagekinError('engine-failed', {
      where: `parameter '${name}'`,
      expected: 'a binding to a value',
      got: 'none',
      fix: 'compile the graph with bindings for all of its parameters',
    });
  },
};

/** A learned value. What stands behind it (a slice of a flat vector, a constant) is bound when the graph is compiled. */
export function parameter(name: string, shape: readonly number[]): Tensor {
  return apply(operation, [], { name, shape });
}
