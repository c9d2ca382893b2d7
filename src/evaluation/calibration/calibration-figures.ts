import { type ProbabilityMap, probabilityOf } from './probability-map.js';
import { baseRate, type ScoredPairs } from './scored-pairs.js';

/** Pairs of about one probability: what was promised, and what came. */
export interface ReliabilityBin {
  /** Mean of the probabilities given. */
  readonly probability: number;
  /** Share of its pairs that are of the same class. */
  readonly same: number;
  readonly pairs: number;
}

/** How far probabilities are from what came. */
export interface CalibrationFigures {
  readonly pairs: number;
  /** Share of same-class pairs in the population they stand for. */
  readonly baseRate: number;
  /** Expected calibration error, Σ_b (w_b / w) |mean p_b − mean y_b| over the bins below. */
  readonly ece: number;
  /** Mean of (p − y)²; that of the base rate alone would be π(1 − π). */
  readonly brier: number;
  /** Mean of −log of the probability given to what came, in nats. */
  readonly logLoss: number;
  /** Of equal mass, by rising probability; for a reliability diagram. */
  readonly reliability: readonly ReliabilityBin[];
}

export const defaultBins = 15;

/**
 * Measures calibrated probabilities on pairs they were not fitted on.
 *
 * Bins hold about equally many pairs each, as bins of equal width would leave most pairs in one of them (Nixon et al.,
 * "Measuring Calibration in Deep Learning", 2019). Pairs of one probability are never parted, so that figures do not
 * depend on the order of the pairs; where many are equal, fewer bins come out than were asked for. The error is a sum
 * of absolute values and cannot come out below what chance alone makes of it: some √(p(1−p) · bins / n).
 *
 * @param pairs at least one
 */
export function calibrationFigures(
  map: ProbabilityMap,
  pairs: ScoredPairs,
  { bins = defaultBins }: { readonly bins?: number } = {},
): CalibrationFigures {
  const { same, weights } = pairs;
  const probabilities = pairs.scores.map((score) => probabilityOf(map, score));
  const losses = logLosses(map, pairs, Array.from(same.keys()));
  let [total, squares, logs] = [0, 0, 0];
  for (let i = 0; i < same.length; i++) {
    const p = probabilities[i];
    total += weights[i];
    squares += weights[i] * (p - same[i]) ** 2;
    logs += weights[i] * losses[i];
  }
  const grouped = equalMassBins(probabilities, pairs, bins);
  return {
    pairs: same.length,
    baseRate: baseRate(pairs),
    ece: grouped.reduce((sum, bin) => sum + (bin.weight / total) * Math.abs(bin.probability - bin.same), 0),
    brier: squares / total,
    logLoss: logs / total,
    reliability: grouped.map(({ probability, same: share, pairs: count }) => ({
      probability,
      same: share,
      pairs: count,
    })),
  };
}

/**
 * −log of the probability given to what came, of the pairs at `indices`, in nats.
 * @returns float64 [indices.length]
 */
export function logLosses(
  map: ProbabilityMap,
  { scores, same }: ScoredPairs,
  indices: ArrayLike<number>,
): Float64Array {
  return Float64Array.from(indices, (i) => {
    const p = probabilityOf(map, scores[i]);
    // Maps made elsewhere may give 0 or 1; the loss stays finite.
    return -Math.log(Math.max(same[i] ? p : 1 - p, Number.EPSILON));
  });
}

interface WeightedBin extends ReliabilityBin {
  readonly weight: number;
}

function equalMassBins(
  probabilities: Float64Array,
  { same, weights }: ScoredPairs,
  bins: number,
): WeightedBin[] {
  const order = Array.from(probabilities.keys()).sort(
    (a, b) => probabilities[a] - probabilities[b] || same[a] - same[b],
  );
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const sums = Array.from({ length: bins }, () => ({ weight: 0, promised: 0, came: 0, pairs: 0 }));
  let below = 0;
  for (let i = 0; i < order.length; ) {
    const p = probabilities[order[i]];
    let end = i;
    let weight = 0;
    let came = 0;
    for (; end < order.length && probabilities[order[end]] === p; end++) {
      weight += weights[order[end]];
      came += weights[order[end]] * same[order[end]];
    }
    // Equal ones go together where their middle falls; on a border, rounding must not choose the side.
    const middle = (bins * (below + weight / 2)) / total;
    const bin = sums[Math.min(bins - 1, Math.floor(middle + 1e-9))];
    bin.weight += weight;
    bin.promised += weight * p;
    bin.came += came;
    bin.pairs += end - i;
    below += weight;
    i = end;
  }
  return sums
    .filter(({ pairs }) => pairs > 0)
    .map(({ weight, promised, came, pairs }) => ({
      probability: promised / weight,
      same: came / weight,
      pairs,
      weight,
    }));
}
