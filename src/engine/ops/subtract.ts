import type { Tensor } from '../tensor.js';
import { binary } from './elementwise.js';
import { negate } from './negate.js';
import { sumTo } from './sum.js';

/** a − b, broadcasting. */
export const subtract: (a: Tensor, b: Tensor) => Tensor = binary(
  'subtract',
  'Sub',
  ({ inputs: [a, b], outputGradient: g, wants }) => [
    sumTo(g, a!.shape),
    wants(1) ? negate(sumTo(g, b!.shape)) : undefined,
  ],
);
