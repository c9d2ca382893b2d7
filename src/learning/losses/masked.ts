import {
  add,
  constant,
  max,
  multiply,
  negate,
  reshape,
  step,
  subtract,
  sum,
  type Tensor,
} from '../../engine/index.js';
import { logSumExp } from './log-sum-exp.js';

// Masks are float32 tensors of 1 (counts) and 0 (does not). Whatever does not count stands far below anything that does.

/** Far below any nearness or logit: exp of it is 0. */
export const never = -1e9;

/** x where the mask is 1, else −1e9. */
export function only(x: Tensor, mask: Tensor): Tensor {
  return add(multiply(x, mask), multiply(subtract(mask, constant(1)), constant(-never)));
}

/** log Σ exp(x) over what counts in each row, float32 [n, m] → [n]; about −1e9 where nothing does. */
export function maskedLogSumExp(x: Tensor, mask: Tensor): Tensor {
  return logSumExp(only(x, mask));
}

/** Largest of what counts in each row, float32 [n, m] → [n, 1]; −1e9 where nothing does. Equal ones share the gradient. */
export function maskedMax(x: Tensor, mask: Tensor): Tensor {
  return max(only(x, mask), { axes: [1], keepAxes: true });
}

/** Smallest of what counts in each row, float32 [n, m] → [n, 1]; 1e9 where nothing does. Equal ones share the gradient. */
export function maskedMin(x: Tensor, mask: Tensor): Tensor {
  return negate(maskedMax(negate(x), mask));
}

/** Everything but an image itself: float32 [rows, columns], 0 on the diagonal, else 1. */
export function othersOnly(rows: number, columns: number): Tensor {
  const mask = new Float32Array(rows * columns).fill(1);
  for (let i = 0; i < Math.min(rows, columns); i++) mask[i * columns + i] = 0;
  return constant(mask, [rows, columns]);
}

/** 1 for rows in which anything counts, float32 [n, m] → [n]. */
export function anyOf(mask: Tensor): Tensor {
  return step(countOf(mask));
}

/** How much counts in each row, float32 [n, m] → [n]. */
export function countOf(mask: Tensor): Tensor {
  return sum(mask, { axes: [1] });
}

/** A value per row as a column, float32 [n] → [n, 1]. */
export function asColumn(x: Tensor): Tensor {
  return reshape(x, [x.shape[0]!, 1]);
}
