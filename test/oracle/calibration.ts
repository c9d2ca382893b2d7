/** Calibration the slow and obvious way, in float64: what `src/evaluation/calibration` is held against. */

/**
 * Isotonic regression by the min-max formula (Robertson, Wright and Dykstra 1988): at each x, the greatest lower over
 * starts of the least over ends of the weighted mean of y between them. O(n³).
 * @returns the fitted value at each point
 */
export function naiveIsotonic(x: readonly number[], y: readonly number[], w: readonly number[]): number[] {
  const distinct = [...new Set(x)].sort((a, b) => a - b);
  const mean = (from: number, to: number) => {
    const inside = x.flatMap((value, i) => (value >= from && value <= to ? [i] : []));
    const weight = inside.reduce((sum, i) => sum + w[i], 0);
    return inside.reduce((sum, i) => sum + w[i] * y[i], 0) / weight;
  };
  return x.map((at) =>
    Math.max(
      ...distinct
        .filter((start) => start <= at)
        .map((start) => Math.min(...distinct.filter((end) => end >= at).map((end) => mean(start, end)))),
    ),
  );
}

/** Σ w (y − f)² */
export function squaredError(y: readonly number[], f: readonly number[], w: readonly number[]): number {
  return y.reduce((sum, value, i) => sum + w[i] * (value - f[i]) ** 2, 0);
}

/** The mean loss that Platt's fit minimises, written with logarithms of the probability itself. */
export function plattLoss(
  slope: number,
  intercept: number,
  scores: readonly number[],
  same: readonly number[],
): number {
  const positives = same.filter((value) => value === 1).length;
  const negatives = same.length - positives;
  return (
    scores.reduce((sum, score, i) => {
      const p = 1 / (1 + Math.exp(-(slope * score + intercept)));
      const t = same[i] ? (positives + 1) / (positives + 2) : 1 / (negatives + 2);
      return sum - t * Math.log(p) - (1 - t) * Math.log(1 - p);
    }, 0) / scores.length
  );
}

/** P(a > b) + ½ P(a = b), over every pair. */
export function naiveAuroc(positive: readonly number[], negative: readonly number[]): number {
  let sum = 0;
  for (const a of positive) for (const b of negative) sum += a > b ? 1 : a === b ? 0.5 : 0;
  return sum / (positive.length * negative.length);
}
