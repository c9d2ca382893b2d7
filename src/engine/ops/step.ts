import { shapeMismatch } from '../shape.js';
import { apply, type Lowering, type Operation, type Tensor } from '../tensor.js';

/**
 * max(0, min(1, 1e30·x)): one pass over memory, on most machines half the time of the comparison and a third of `Where`.
 * Exact except for 0 < x < 1e-30, where it yields 1e30·x.
 */
const byHardSigmoid: Lowering<void> = {
  name: 'hard-sigmoid',
  emit: ({ add, inputs, outputs }) =>
    void add('HardSigmoid', inputs, { alpha: { float: 1e30 }, beta: { float: 0 } }, outputs),
};

const byComparison: Lowering<void> = {
  name: 'comparison',
  emit: ({ add, constant, inputs, outputs }) =>
    void add('Cast', [add('Greater', [inputs[0]!, constant('float32', [], [0])])], { to: 1 }, outputs),
};

const operation: Operation<void> = {
  name: 'step',
  infer([x]) {
    if (x!.dtype !== 'float32') throw shapeMismatch('step', 'a float32 tensor', [x!], 'cast it');
    return [x!];
  },
  emit: byHardSigmoid.emit,
  lowerings: () => [byHardSigmoid, byComparison],
};

/** 1 where x > 0, else 0; float32, without gradient. */
export function step(x: Tensor): Tensor {
  return apply(operation, [x], undefined);
}
