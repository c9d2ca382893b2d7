import type { Tensor } from '../tensor.js';
import { add } from './add.js';
import { constant } from './constant.js';
import { divide } from './divide.js';
import { unary } from './elementwise.js';
import { erfSigmoid } from './erf-sigmoid.js';
import { exp } from './exp.js';
import { multiply } from './multiply.js';

/**
 * x·Φ(x), with Φ the distribution function of the standard normal (Hendrycks and Gimpel 2016), in its exact form;
 * gradient Φ(x) + x·φ(x).
 */
export const gelu: (x: Tensor) => Tensor = unary('gelu', 'Gelu', ({ inputs: [x], outputGradient: g }) => {
  const scaled = multiply(x!, constant(Math.SQRT1_2));
  // x·φ(x) = (u / exp(u²)) / √π with u = x/√2: where the exponential overflows, it is 0.
  const weighted = multiply(divide(scaled, exp(multiply(scaled, scaled))), constant(1 / Math.sqrt(Math.PI)));
  return [multiply(g, add(erfSigmoid(scaled), weighted))];
});
