import type { Tensor } from '../tensor.js';
import { binary } from './elementwise.js';

/** a > b by element, broadcasting; bool, without gradient. */
export const greater: (a: Tensor, b: Tensor) => Tensor = binary('greater', 'Greater', undefined, 'bool');
