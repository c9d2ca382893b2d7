import { type LogisticMap, sigmoid } from './probability-map.js';
import { baseRate, type ScoredPairs, sameCount } from './scored-pairs.js';

const mostSteps = 100;
/** Of the gradient per pair, with standardised scores: far below what a figure of ours shows. */
const gradientTolerance = 1e-10;

/**
 * Calibrates by a logistic curve (Platt, "Probabilistic Outputs for Support Vector Machines", 1999): minimises
 * Σ w_i [−t_i log p_i − (1 − t_i) log(1 − p_i)] with p = σ(a·s + b), by Newton's method with halved steps, in float64 on
 * standardised scores (Lin, Lin and Weng, "A Note on Platt's Probabilistic Outputs", 2007).
 *
 * Targets are Platt's: t = (N₊ + 1)/(N₊ + 2) for the N₊ pairs of the same class and 1/(N₋ + 2) for the N₋ others, which
 * keeps the curve finite where a score parts the classes without error.
 *
 * Two parameters need few pairs, and assume that log odds are a straight line in the score. Scores that are all equal,
 * or that fall where pairs are alike (a < 0), give a constant: the best one of slope 0.
 *
 * @param pairs at least one
 */
export function fitLogistic(pairs: ScoredPairs): LogisticMap {
  const { scores, same, weights } = pairs;
  const count = scores.length;
  const mean = weightedMean(scores, weights);
  const deviation = Math.sqrt(
    weightedMean(
      scores.map((score) => (score - mean) ** 2),
      weights,
    ),
  );
  const positives = sameCount(pairs);
  const targets = [1 / (count - positives + 2), (positives + 1) / (positives + 2)];
  const constant: LogisticMap = { method: 'logistic', slope: 0, intercept: logitOfMean(pairs, targets) };
  // Less than this is rounding: float32 scores of unit vectors are not better than 1e-7.
  if (!(deviation > 1e-9)) return constant;

  const z = scores.map((score) => (score - mean) / deviation);
  const lossAt = (a: number, b: number) => {
    let sum = 0;
    for (let i = 0; i < count; i++) sum += weights[i] * crossEntropy(a * z[i] + b, targets[same[i]]);
    return sum / count;
  };
  let [a, b] = [0, constant.intercept];
  let loss = lossAt(a, b);
  for (let step = 0; step < mostSteps; step++) {
    const { ga, gb, haa, hab, hbb } = derivatives(a, b, z, pairs, targets);
    if (Math.max(Math.abs(ga), Math.abs(gb)) < gradientTolerance) break;
    const determinant = haa * hbb - hab * hab;
    const da = -(hbb * ga - hab * gb) / determinant;
    const db = -(haa * gb - hab * ga) / determinant;
    if (!Number.isFinite(da) || !Number.isFinite(db)) break;
    // Close to the minimum a good step lowers the loss by less than float64 can tell.
    const highest = loss + 1e-13 * Math.abs(loss);
    let length = 1;
    let next = lossAt(a + da, b + db);
    while (!(next <= highest) && length > 1e-12) {
      length /= 2;
      next = lossAt(a + length * da, b + length * db);
    }
    if (!(next <= highest)) break;
    a += length * da;
    b += length * db;
    loss = next;
  }
  if (a <= 0) return constant;
  return { method: 'logistic', slope: a / deviation, intercept: b - (a * mean) / deviation };
}

/** Gradient and Hessian of the mean loss. */
function derivatives(
  a: number,
  b: number,
  z: Float64Array,
  { same, weights }: ScoredPairs,
  targets: readonly number[],
) {
  let [ga, gb, haa, hab, hbb] = [0, 0, 0, 0, 0];
  for (let i = 0; i < z.length; i++) {
    const p = sigmoid(a * z[i] + b);
    const slope = (weights[i] * (p - targets[same[i]])) / z.length;
    const curvature = (weights[i] * p * (1 - p)) / z.length;
    ga += slope * z[i];
    gb += slope;
    haa += curvature * z[i] * z[i];
    hab += curvature * z[i];
    hbb += curvature;
  }
  return { ga, gb, haa, hab, hbb };
}

/** −t log σ(x) − (1 − t) log(1 − σ(x)) = log(1 + eˣ) − t·x, without overflow. */
function crossEntropy(x: number, target: number): number {
  return Math.max(x, 0) - target * x + Math.log1p(Math.exp(-Math.abs(x)));
}

/** The intercept of the best constant: log odds of the mean target. */
function logitOfMean(pairs: ScoredPairs, [negative, positive]: readonly number[]): number {
  const prior = baseRate(pairs);
  const mean = prior * positive + (1 - prior) * negative;
  return Math.log(mean / (1 - mean));
}

function weightedMean(values: Float64Array, weights: Float64Array): number {
  let [sum, total] = [0, 0];
  for (let i = 0; i < values.length; i++) {
    sum += weights[i] * values[i];
    total += weights[i];
  }
  return sum / total;
}
