import type { Tensor } from '../tensor.js';
import { unary } from './elementwise.js';
import { multiply } from './multiply.js';
import { sigmoid } from './sigmoid.js';

/** log(1 + eˣ), without overflow: a smooth max(x, 0). */
export const softplus: (x: Tensor) => Tensor = unary(
  'softplus',
  'Softplus',
  ({ inputs: [x], outputGradient: g }) => [multiply(g, sigmoid(x!))],
);
