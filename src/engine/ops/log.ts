import type { Tensor } from '../tensor.js';
import { divide } from './divide.js';
import { unary } from './elementwise.js';

/** Natural logarithm. */
export const log: (x: Tensor) => Tensor = unary('log', 'Log', ({ inputs: [x], outputGradient: g }) => [
  divide(g, x!),
]);
