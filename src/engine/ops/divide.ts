import type { Tensor } from '../tensor.js';
import { binary } from './elementwise.js';
import { multiply } from './multiply.js';
import { negate } from './negate.js';
import { sumTo } from './sum.js';

/** a / b by element, broadcasting. The gradient with respect to b uses the quotient: −g·(a/b)/b. */
export const divide: (a: Tensor, b: Tensor) => Tensor = binary(
  'divide',
  'Div',
  ({ inputs: [a, b], outputs: [quotient], outputGradient: g, wants }) => {
    const scaled = divide(g, b!);
    return [
      wants(0) ? sumTo(scaled, a!.shape) : undefined,
      wants(1) ? negate(sumTo(multiply(scaled, quotient!), b!.shape)) : undefined,
    ];
  },
);
