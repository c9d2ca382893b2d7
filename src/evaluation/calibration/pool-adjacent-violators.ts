/** A stretch of scores over which an isotonic regression is constant. */
export interface IsotonicBlock {
  /** Smallest and largest score in it. */
  readonly low: number;
  readonly high: number;
  /** Weighted mean of its values: what the regression is there. */
  readonly mean: number;
  /** Sum of its weights. */
  readonly weight: number;
}

/**
 * Isotonic regression: the non-decreasing f that minimises Σ w_i (y_i − f(x_i))², by pooling adjacent violators.
 * Points of equal x are one point first, so that f is a function of x and the order of the points does not matter.
 * O(n log n).
 *
 * Ayer, Brunk, Ewing, Reid and Silverman, "An Empirical Distribution Function for Sampling with Incomplete
 * Information" (1955).
 *
 * @param x float64 [n]; n = 0 gives no blocks
 * @param y [n]
 * @param weights [n], above zero
 * @returns blocks by rising x, their means strictly rising
 */
export function poolAdjacentViolators(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  weights: ArrayLike<number>,
): IsotonicBlock[] {
  const order = Array.from({ length: x.length }, (_, i) => i).sort((a, b) => x[a] - x[b] || y[a] - y[b]);
  const blocks: IsotonicBlock[] = [];
  for (let i = 0; i < order.length; ) {
    const at = x[order[i]];
    let weight = 0;
    let sum = 0;
    for (; i < order.length && x[order[i]] === at; i++) {
      weight += weights[order[i]];
      sum += weights[order[i]] * y[order[i]];
    }
    pushPooled(blocks, { low: at, high: at, mean: sum / weight, weight });
  }
  return blocks;
}

/** Pools blocks that are in order of x until their means rise. */
export function pooled(blocks: readonly IsotonicBlock[]): IsotonicBlock[] {
  const risen: IsotonicBlock[] = [];
  for (const block of blocks) pushPooled(risen, block);
  return risen;
}

function pushPooled(blocks: IsotonicBlock[], block: IsotonicBlock): void {
  let last = block;
  for (let before = blocks.at(-1); before && before.mean >= last.mean; before = blocks.at(-1)) {
    blocks.pop();
    const weight = before.weight + last.weight;
    const mean = (before.mean * before.weight + last.mean * last.weight) / weight;
    last = { low: before.low, high: last.high, mean, weight };
  }
  blocks.push(last);
}
