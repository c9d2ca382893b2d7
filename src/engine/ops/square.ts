import type { Tensor } from '../tensor.js';
import { multiply } from './multiply.js';

/** x². */
export function square(x: Tensor): Tensor {
  return multiply(x, x);
}
