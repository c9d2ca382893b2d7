import type { Tensor } from '../tensor.js';
import { binary } from './elementwise.js';

/** a = b by element, broadcasting; bool, without gradient. */
export const equal: (a: Tensor, b: Tensor) => Tensor = binary('equal', 'Equal', undefined, 'bool');
