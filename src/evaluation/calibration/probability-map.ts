/**
 * From a score to the probability that a pair of that score is of the same class. Never falling in the score; always in
 * [0, 1].
 */
export type ProbabilityMap = IsotonicMap | LogisticMap;

export interface IsotonicMap {
  readonly method: 'isotonic';
  /** [score, probability] by rising score; between them straight lines, beyond them constant. At least one. */
  readonly knots: readonly (readonly [score: number, probability: number])[];
}

export interface LogisticMap {
  readonly method: 'logistic';
  /** p = 1 / (1 + exp(−(slope · score + intercept))); slope ≥ 0. */
  readonly slope: number;
  readonly intercept: number;
}

export const calibrationMethods = ['isotonic', 'logistic'] as const;
export type CalibrationMethod = (typeof calibrationMethods)[number];

/** The probability that a pair of this score is of the same class. A score that is not a number gives NaN. */
export function probabilityOf(map: ProbabilityMap, score: number): number {
  return map.method === 'isotonic'
    ? interpolated(map.knots, score)
    : sigmoid(map.slope * score + map.intercept);
}

/** 1 / (1 + exp(−x)), without overflow at either end. */
export function sigmoid(x: number): number {
  if (x >= 0) return 1 / (1 + Math.exp(-x));
  const e = Math.exp(x);
  return e / (1 + e);
}

function interpolated(knots: IsotonicMap['knots'], score: number): number {
  if (Number.isNaN(score)) return Number.NaN;
  const last = knots.length - 1;
  if (score <= knots[0][0]) return knots[0][1];
  if (score >= knots[last][0]) return knots[last][1];
  // The last knot at or below the score.
  let [low, high] = [0, last];
  while (low + 1 < high) {
    const middle = (low + high) >> 1;
    if (knots[middle][0] <= score) low = middle;
    else high = middle;
  }
  const [x0, p0] = knots[low];
  const [x1, p1] = knots[high];
  // Rounding must not carry it past either end.
  return Math.min(p1, Math.max(p0, p0 + ((p1 - p0) * (score - x0)) / (x1 - x0)));
}
