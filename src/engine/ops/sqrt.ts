import type { Tensor } from '../tensor.js';
import { constant } from './constant.js';
import { divide } from './divide.js';
import { unary } from './elementwise.js';
import { multiply } from './multiply.js';

/** √x; the gradient is infinite at 0. */
export const sqrt: (x: Tensor) => Tensor = unary('sqrt', 'Sqrt', ({ outputs: [y], outputGradient: g }) => [
  divide(multiply(g, constant(0.5)), y!),
]);
