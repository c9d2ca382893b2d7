import type { Tensor } from '../tensor.js';
import { add } from './add.js';
import { constant } from './constant.js';
import { unary } from './elementwise.js';
import { erf } from './erf.js';
import { exp } from './exp.js';
import { multiply } from './multiply.js';

/**
 * x·Φ(x), with Φ the distribution function of the standard normal (Hendrycks and Gimpel 2016), in its exact form;
 * gradient Φ(x) + x·φ(x).
 */
export const gelu: (x: Tensor) => Tensor = unary('gelu', 'Gelu', ({ inputs: [x], outputGradient: g }) => {
  const half = constant(0.5);
  const distribution = add(multiply(erf(multiply(x!, constant(Math.SQRT1_2))), half), half);
  const density = multiply(
    exp(multiply(multiply(x!, x!), constant(-0.5))),
    constant(1 / Math.sqrt(2 * Math.PI)),
  );
  return [multiply(g, add(distribution, multiply(x!, density)))];
});
