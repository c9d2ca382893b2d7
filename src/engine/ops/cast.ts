import { elementTypes } from '../onnx-model.js';
import { apply, type DataType, type Operation, type Tensor } from '../tensor.js';

const operation: Operation<{ readonly to: DataType }> = {
  name: 'cast',
  infer: ([x], { to }) => [{ dtype: to, shape: x!.shape }],
  emit: ({ add, inputs, outputs, attributes: { to } }) =>
    void add('Cast', inputs, { to: elementTypes[to] }, outputs),
  // Whole numbers and truth values are where gradients end.
  gradient: ({ inputs: [x], outputGradient: g }) => [x!.dtype === 'float32' ? g : undefined],
};

/** The same elements in another type. */
export function cast(x: Tensor, to: DataType): Tensor {
  return x.dtype === to ? x : apply(operation, [x], { to });
}
