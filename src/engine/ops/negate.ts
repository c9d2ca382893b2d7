import type { Tensor } from '../tensor.js';
import { unary } from './elementwise.js';

/** −x. */
export const negate: (x: Tensor) => Tensor = unary('negate', 'Neg', ({ outputGradient: g }) => [negate(g)]);
