import type { Tensor } from '../tensor.js';
import { binary } from './elementwise.js';
import { sumTo } from './sum.js';

/** a · b by element, broadcasting. */
export const multiply: (a: Tensor, b: Tensor) => Tensor = binary(
  'multiply',
  'Mul',
  ({ inputs: [a, b], outputGradient: g, wants }) => [
    wants(0) ? sumTo(multiply(g, b!), a!.shape) : undefined,
    wants(1) ? sumTo(multiply(g, a!), b!.shape) : undefined,
  ],
);
