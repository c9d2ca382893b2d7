import type { Tensor } from '../tensor.js';
import { unary } from './elementwise.js';
import { multiply } from './multiply.js';
import { step } from './step.js';

/** max(x, 0); the gradient at 0 is 0. It is read off the result, so that x need not be kept. */
export const relu: (x: Tensor) => Tensor = unary('relu', 'Relu', ({ outputs: [y], outputGradient: g }) => [
  multiply(g, step(y!)),
]);
