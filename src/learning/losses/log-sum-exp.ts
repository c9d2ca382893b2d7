import { add, exp, log, max, reshape, stopGradient, subtract, sum, type Tensor } from '../../engine/index.js';

/** log Σⱼ exp(xᵢⱼ) of each row of a matrix, float32 [n, m] → [n]. The largest element is taken out first: no overflow. */
export function logSumExp(x: Tensor): Tensor {
  const largest = stopGradient(max(x, { axes: [1], keepAxes: true }));
  return add(log(sum(exp(subtract(x, largest)), { axes: [1] })), reshape(largest, [x.shape[0]!]));
}
