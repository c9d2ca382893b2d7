import {
  constant,
  divide,
  maximum,
  multiply,
  step,
  stopGradient,
  sum,
  type Tensor,
} from '../../engine/index.js';

/** How the terms of a loss become one number. */
export type ReducerName = 'mean' | 'sum' | 'mean-of-non-zero' | 'per-anchor';

/**
 * - `mean`: of all terms that are present;
 * - `sum`: of them;
 * - `mean-of-non-zero`: of those above 0, so that terms that are satisfied do not thin out the rest;
 * - `per-anchor`: the mean of each anchor's terms, then of the anchors that have any, so that each counts alike.
 *
 * Where no term is present the result is 0, and so is its gradient.
 *
 * @param terms float32 [B, …], by anchor
 * @param present float32 of the same shape: how much each term counts, 0 for terms that are none
 */
export function reduce(reducer: ReducerName, terms: Tensor, present: Tensor): Tensor {
  const weighted = multiply(terms, present);
  if (reducer === 'sum') return sum(weighted);
  if (reducer === 'mean') return average(weighted, present);
  if (reducer === 'mean-of-non-zero')
    return average(weighted, multiply(present, step(stopGradient(weighted))));
  const inner = { axes: terms.shape.map((_, axis) => axis).slice(1) };
  const counts = sum(present, inner);
  const anchors = divide(sum(weighted, inner), atLeastOne(counts));
  return average(anchors, step(counts));
}

/** Share of the terms that are present which are above 0, and so have something to learn from; 0 where none is present. */
export function shareAboveZero(terms: Tensor, present: Tensor): Tensor {
  return average(step(stopGradient(multiply(terms, present))), present);
}

/** Σ weighted / Σ present, and 0 where nothing is. */
export function average(weighted: Tensor, present: Tensor): Tensor {
  return divide(sum(weighted), atLeastOne(sum(present)));
}

function atLeastOne(count: Tensor): Tensor {
  return maximum(count, constant(1));
}
