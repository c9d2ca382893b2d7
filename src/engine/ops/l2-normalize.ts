import { shapeMismatch } from '../shape.js';
import { apply, type Operation, type Tensor } from '../tensor.js';
import { constant } from './constant.js';
import { divide } from './divide.js';
import { maximum } from './maximum.js';
import { multiply } from './multiply.js';
import { sqrt } from './sqrt.js';
import { subtract } from './subtract.js';
import { sum } from './sum.js';

/** Smallest squared length that is divided by; shorter rows are scaled by its root instead. */
const smallestSquaredLength = 1e-12;

const operation: Operation<void> = {
  name: 'l2Normalize',
  infer([x]) {
    if (x!.dtype !== 'float32' || x!.rank !== 2) {
      throw shapeMismatch('l2Normalize', 'a float32 matrix, one vector per row', [x!], 'reshape it');
    }
    return [x!];
  },
  emit({ add, constant: store, inputs, outputs }) {
    const axes = store('int64', [1], [1]);
    const squared = add('ReduceSumSquare', [inputs[0]!, axes], { keepdims: 1 });
    const length = add('Sqrt', [add('Max', [squared, store('float32', [], [smallestSquaredLength])])]);
    add('Div', [inputs[0]!, length], {}, outputs);
  },
  gradient({ inputs: [x], outputs: [y], outputGradient: g }) {
    const perRow = { axes: [1], keepAxes: true };
    const length = sqrt(maximum(sum(multiply(x!, x!), perRow), constant(smallestSquaredLength)));
    return [divide(subtract(g, multiply(y!, sum(multiply(g, y!), perRow))), length)];
  },
};

/**
 * Rows scaled to unit Euclidean length: x / √max(Σx², 1e-12), as Keras does.
 * A row of zeros stays zero. The gradient holds for rows longer than 1e-6.
 * @param x float32 [n, d]
 */
export function l2Normalize(x: Tensor): Tensor {
  return apply(operation, [x], undefined);
}
