import type { Tensor } from '../tensor.js';
import { unary } from './elementwise.js';
import { multiply } from './multiply.js';
import { subtract } from './subtract.js';

/** 1 / (1 + e⁻ˣ); gradient y − y². */
export const sigmoid: (x: Tensor) => Tensor = unary(
  'sigmoid',
  'Sigmoid',
  ({ outputs: [y], outputGradient: g }) => [multiply(g, subtract(y!, multiply(y!, y!)))],
);
