import type { Tensor } from '../tensor.js';
import { constant } from './constant.js';
import { divide } from './divide.js';
import { unary } from './elementwise.js';
import { exp } from './exp.js';
import { multiply } from './multiply.js';

const half = { float: 0.5 };

/** (1 + erf(x)) / 2, the share of a normal distribution of deviation 1 below √2·x; gradient e^(−x²)/√π. */
export const erfSigmoid: (x: Tensor) => Tensor = unary(
  'erfSigmoid',
  // One pass behind erf in the place of two.
  ({ add, inputs, outputs }) =>
    void add('HardSigmoid', [add('Erf', inputs)], { alpha: half, beta: half }, outputs),
  ({ inputs: [x], outputGradient: g }) => [
    multiply(divide(g, exp(multiply(x!, x!))), constant(1 / Math.sqrt(Math.PI))),
  ],
);
