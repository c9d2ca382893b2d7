import type { Tensor } from '../tensor.js';
import { multiply } from './multiply.js';
import { sigmoid } from './sigmoid.js';

/** x · sigmoid(x), also known as swish (Elfwing et al. 2017; Ramachandran et al. 2017). */
export function silu(x: Tensor): Tensor {
  return multiply(x, sigmoid(x));
}
