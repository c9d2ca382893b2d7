import { shapeMismatch } from '../shape.js';
import { apply, type Operation, type Tensor } from '../tensor.js';
import { multiply } from './multiply.js';
import { subtract } from './subtract.js';
import { sum } from './sum.js';

const operation: Operation<void> = {
  name: 'softmax',
  infer([x]) {
    if (x!.dtype !== 'float32' || x!.rank === 0) {
      throw shapeMismatch('softmax', 'a float32 tensor with a last axis', [x!], 'reshape or cast it');
    }
    return [x!];
  },
  emit: ({ add, inputs, outputs }) => void add('Softmax', inputs, { axis: -1 }, outputs),
  gradient({ outputs: [y], outputGradient: g }) {
    const weighted = multiply(g, y!);
    return [subtract(weighted, multiply(y!, sum(weighted, { axes: [-1], keepAxes: true })))];
  },
};

/** exp(xᵢ) / Σⱼ exp(xⱼ) along the last axis; the largest element is subtracted first, so it does not overflow. */
export function softmax(x: Tensor): Tensor {
  return apply(operation, [x], undefined);
}
