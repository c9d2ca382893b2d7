import { constant, matmul, multiply, subtract } from '../../engine/index.js';
import type { Distance } from './distance.js';

/** a·b: the cosine, where vectors have unit length, at a lower price. */
export const dot: Distance = {
  sign: 1,
  nearness: (a, b) => matmul(a, b, { transposeB: true }),
  squared: (nearness) => subtract(constant(2), multiply(nearness, constant(2))),
};
