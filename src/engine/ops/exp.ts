import type { Tensor } from '../tensor.js';
import { unary } from './elementwise.js';
import { multiply } from './multiply.js';

/** eˣ. */
export const exp: (x: Tensor) => Tensor = unary('exp', 'Exp', ({ outputs: [y], outputGradient: g }) => [
  multiply(g, y!),
]);
