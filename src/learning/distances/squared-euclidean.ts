import {
  add,
  constant,
  matmul,
  multiply,
  negate,
  relu,
  reshape,
  subtract,
  sum,
  type Tensor,
} from '../../engine/index.js';
import type { Distance } from './distance.js';

/** ‖a − b‖², as ‖a‖² + ‖b‖² − 2 a·b and not below 0; its nearness is the negative of it. */
export const squaredEuclidean: Distance = {
  sign: -1,
  nearness(a, b) {
    const lengths = add(squares(a, [a.shape[0] as number, 1]), squares(b, [1, b.shape[0] as number]));
    const products = multiply(matmul(a, b, { transposeB: true }), constant(2));
    return negate(relu(subtract(lengths, products)));
  },
  squared: negate,
};

function squares(x: Tensor, shape: readonly number[]): Tensor {
  return reshape(sum(multiply(x, x), { axes: [1] }), shape);
}
