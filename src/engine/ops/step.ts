import { shapeMismatch } from '../shape.js';
import { apply, type Operation, type Tensor } from '../tensor.js';

const operation: Operation<void> = {
  name: 'step',
  infer([x]) {
    if (x!.dtype !== 'float32') throw shapeMismatch('step', 'a float32 tensor', [x!], 'cast it');
    return [x!];
  },
  // max(0, min(1, 1e30·x)): one pass over memory, half the time of Cast(Greater) and a third of Where. Exact except for
  // 0 < x < 1e-30, where it yields 1e30·x.
  emit: ({ add, inputs, outputs }) =>
    void add('HardSigmoid', inputs, { alpha: { float: 1e30 }, beta: { float: 0 } }, outputs),
};

/** 1 where x > 0, else 0; float32, without gradient. */
export function step(x: Tensor): Tensor {
  return apply(operation, [x], undefined);
}
