import { apply, type Operation, type Tensor } from '../tensor.js';

const operation: Operation<void> = {
  name: 'stopGradient',
  stopsGradient: true,
  infer: ([x]) => [x!],
  emit: ({ add, inputs, outputs }) => void add('Identity', inputs, {}, outputs),
  gradient: () => [undefined],
};

/** x, taken as a constant when differentiating. */
export function stopGradient(x: Tensor): Tensor {
  return apply(operation, [x], undefined);
}
