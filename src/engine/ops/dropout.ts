import { staticShape } from '../shape.js';
import type { Tensor } from '../tensor.js';
import { cast } from './cast.js';
import { constant } from './constant.js';
import { greater } from './greater.js';
import { multiply } from './multiply.js';
import { noise } from './noise.js';

/**
 * Sets each element to 0 with probability `rate` and scales the others by 1/(1 − rate) (Srivastava et al. 2014). For
 * training graphs; leave it out when embedding.
 * @param name names its stream of random numbers, unique in the graph
 */
export function dropout(x: Tensor, { rate, name }: { readonly rate: number; readonly name: string }): Tensor {
  const kept = cast(greater(noise(name, staticShape('dropout', x)), constant(rate)), 'float32');
  return multiply(x, multiply(kept, constant(1 / (1 - rate))));
}
