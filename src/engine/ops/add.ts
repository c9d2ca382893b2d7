import type { Tensor } from '../tensor.js';
import { binary } from './elementwise.js';
import { sumTo } from './sum.js';

/** a + b, broadcasting. */
export const add: (a: Tensor, b: Tensor) => Tensor = binary(
  'add',
  'Add',
  ({ inputs: [a, b], outputGradient: g }) => [sumTo(g, a!.shape), sumTo(g, b!.shape)],
);
