import type { Tensor } from '../tensor.js';
import { cast } from './cast.js';
import { binary } from './elementwise.js';
import { greater } from './greater.js';
import { multiply } from './multiply.js';
import { subtract } from './subtract.js';
import { sumTo } from './sum.js';

/** The larger of a and b by element, broadcasting. Where they are equal the gradient goes to b. */
export const maximum: (a: Tensor, b: Tensor) => Tensor = binary(
  'maximum',
  'Max',
  ({ inputs: [a, b], outputGradient: g }) => {
    const toFirst = multiply(g, cast(greater(a!, b!), 'float32'));
    return [sumTo(toFirst, a!.shape), sumTo(subtract(g, toFirst), b!.shape)];
  },
);
