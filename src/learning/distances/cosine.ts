import { constant, l2Normalize, matmul, multiply, subtract } from '../../engine/index.js';
import type { Distance } from './distance.js';

/** a·b / (‖a‖ ‖b‖), in [−1, 1]. A vector of zeros has the cosine 0 to everything. */
export const cosine: Distance = {
  sign: 1,
  nearness(a, b) {
    const unit = l2Normalize(a);
    return matmul(unit, a === b ? unit : l2Normalize(b), { transposeB: true });
  },
  squared: (nearness) => subtract(constant(2), multiply(nearness, constant(2))),
};
