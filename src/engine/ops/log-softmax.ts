import { shapeMismatch } from '../shape.js';
import { apply, type Operation, type Tensor } from '../tensor.js';
import { exp } from './exp.js';
import { multiply } from './multiply.js';
import { subtract } from './subtract.js';
import { sum } from './sum.js';

const operation: Operation<void> = {
  name: 'logSoftmax',
  infer([x]) {
    if (x!.dtype !== 'float32' || x!.rank === 0) {
      throw shapeMismatch('logSoftmax', 'a float32 tensor with a last axis', [x!], 'reshape or cast it');
    }
    return [x!];
  },
  emit: ({ add, inputs, outputs }) => void add('LogSoftmax', inputs, { axis: -1 }, outputs),
  gradient: ({ outputs: [y], outputGradient: g }) => [
    subtract(g, multiply(exp(y!), sum(g, { axes: [-1], keepAxes: true }))),
  ],
};

/** xᵢ − log Σⱼ exp(xⱼ) along the last axis, without overflow. */
export function logSoftmax(x: Tensor): Tensor {
  return apply(operation, [x], undefined);
}
