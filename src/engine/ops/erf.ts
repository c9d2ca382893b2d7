import type { Tensor } from '../tensor.js';
import { constant } from './constant.js';
import { unary } from './elementwise.js';
import { exp } from './exp.js';
import { multiply } from './multiply.js';
import { negate } from './negate.js';

/** Error function 2/√π ∫₀ˣ e^(−t²) dt; gradient 2/√π e^(−x²). */
export const erf: (x: Tensor) => Tensor = unary('erf', 'Erf', ({ inputs: [x], outputGradient: g }) => [
  multiply(g, multiply(exp(negate(multiply(x!, x!))), constant(2 / Math.sqrt(Math.PI)))),
]);
