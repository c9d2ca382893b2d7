import { poolAdjacentViolators } from './pool-adjacent-violators.js';
import {
  type IntervalOptions,
  type PairRatio,
  ratioIntervals,
  type ShareEstimate,
} from './ratio-interval.js';
import type { ScoredPairs } from './scored-pairs.js';

/** What a threshold is to reach, with pairs of at least that score being taken for the same class. */
export const targetFigures = ['precision', 'recall', 'falseMatchRate'] as const;
export interface ThresholdTarget {
  /**
   * `precision`: share of the accepted pairs that are of the same class; at least.
   * `recall`: share of the same-class pairs that are accepted; at least.
   * `falseMatchRate`: share of the pairs of different classes that are accepted; at most.
   */
  readonly figure: (typeof targetFigures)[number];
  /** In [0, 1]. */
  readonly value: number;
}

/** What comes of accepting the pairs of at least some score; `null` where there is nothing to take a share of. */
export interface ThresholdFigures {
  /** Share of all pairs that is accepted. */
  readonly accepted: number;
  readonly precision: ShareEstimate | null;
  readonly recall: ShareEstimate | null;
  readonly falseMatchRate: ShareEstimate | null;
}

/**
 * The score from which on a target is met, on these pairs.
 *
 * - precision: the lowest score that begins a block of the isotonic regression and from which on the share is at least
 *   the target. Elsewhere the share goes up and down by chance, and the lowest score that happens to reach the target is
 *   likely to miss it on other pairs; from block to block it only rises.
 * - recall: the highest score that still accepts that share of the same-class pairs.
 * - falseMatchRate: the lowest score that accepts at most that share of the others; above all scores if need be.
 *
 * @returns `null` where no score reaches the target: a precision above that of the best block, a recall of nothing
 */
export function thresholdFor({ figure, value }: ThresholdTarget, pairs: ScoredPairs): number | null {
  if (figure === 'precision') return scoreOfPrecision(value, pairs);
  const { scores, same, weights } = pairs;
  const kind = figure === 'recall' ? 1 : 0;
  const order = Array.from(scores.keys())
    .filter((i) => same[i] === kind)
    .sort((a, b) => scores[b] - scores[a]);
  const total = order.reduce((sum, i) => sum + weights[i], 0);
  if (total === 0) return null;
  // A share that is met exactly must not be missed by rounding.
  const wanted = value * total;
  const slack = 1e-9 * total;
  let accepted = 0;
  let lowest: number | null = null;
  for (let i = 0; i < order.length; ) {
    const score = scores[order[i]];
    if (figure === 'recall' && accepted >= wanted - slack && lowest !== null) break;
    let here = 0;
    for (; i < order.length && scores[order[i]] === score; i++) here += weights[order[i]];
    // Just above the first score that would accept too many: no pair lies between.
    if (figure === 'falseMatchRate' && accepted + here > wanted + slack) return nextAbove(score);
    accepted += here;
    lowest = score;
  }
  return lowest;
}

function scoreOfPrecision(target: number, { scores, same, weights }: ScoredPairs): number | null {
  const blocks = poolAdjacentViolators(scores, same, weights);
  let [weight, sum] = [0, 0];
  let lowest: number | null = null;
  for (const block of blocks.reverse()) {
    weight += block.weight;
    sum += block.weight * block.mean;
    if (sum < target * weight * (1 - 1e-12)) break;
    lowest = block.low;
  }
  return lowest;
}

/**
 * The highest precision that any threshold reaches on these pairs, and the lowest score that does: the last block of the
 * isotonic regression. It is below 1 where the most alike images are of different classes.
 * @param pairs at least one
 */
export function highestPrecision({ scores, same, weights }: ScoredPairs): {
  readonly score: number;
  readonly precision: number;
} {
  const { low, mean } = poolAdjacentViolators(scores, same, weights).at(-1)!;
  return { score: low, precision: mean };
}

/** The next larger number of double precision. */
function nextAbove(value: number): number {
  const bits = new BigInt64Array(1);
  const numbers = new Float64Array(bits.buffer);
  // The least number that is no denormal one: those count as 0 in a thread that has run a model.
  if (value === 0) return 2 ** -1022;
  numbers[0] = value;
  bits[0] += value > 0 ? 1n : -1n;
  return numbers[0];
}

/** Measures a threshold on pairs, with intervals as {@link ratioIntervals} has them. */
export function figuresAt(
  score: number,
  pairs: ScoredPairs,
  options: IntervalOptions = {},
): ThresholdFigures {
  const ratios = targetFigures.map((figure) => ratioAt(figure, score, pairs));
  const [precision, recall, falseMatchRate] = ratioIntervals(ratios, pairs, options);
  const sum = (values: Float64Array) => values.reduce((total, value) => total + value, 0);
  // What precision has tried is what is accepted.
  return { accepted: sum(ratios[0].trials) / sum(pairs.weights), precision, recall, falseMatchRate };
}

function ratioAt(
  figure: ThresholdTarget['figure'],
  score: number,
  { scores, same, weights }: ScoredPairs,
): PairRatio {
  const taken = scores.map((value) => (value >= score ? 1 : 0));
  const [among, hit] = {
    precision: [taken, same],
    recall: [same, taken],
    falseMatchRate: [same.map((value) => 1 - value), taken],
  }[figure];
  return {
    trials: weights.map((weight, i) => weight * among[i]),
    hits: weights.map((weight, i) => weight * among[i] * hit[i]),
  };
}

const mostAttempts = 30;

/**
 * The threshold at which these pairs bear the target out: the safe end of the 95 % interval meets it, not the share alone.
 * A threshold whose share just meets its target misses it on other pairs every other time.
 *
 * Found by asking {@link thresholdFor} for more, by what the interval lacks, until it lacks nothing; the score may be a
 * little further on the safe side than it need be.
 *
 * @returns `null` where these pairs bear out no threshold
 */
export function assuredThreshold(
  target: ThresholdTarget,
  pairs: ScoredPairs,
  options: IntervalOptions = {},
): { readonly score: number; readonly figures: ThresholdFigures } | null {
  const { figure, value } = target;
  const upwards = figure !== 'falseMatchRate';
  let asked = value;
  for (let attempt = 0; attempt < mostAttempts && asked >= 0 && asked <= 1; attempt++) {
    const score = thresholdFor({ figure, value: asked }, pairs);
    if (score === null) return null;
    const [estimate] = ratioIntervals([ratioAt(figure, score, pairs)], pairs, options);
    if (estimate === null) return null;
    const lacking = upwards ? value - estimate.low : estimate.high - value;
    if (lacking <= 0) return { score, figures: figuresAt(score, pairs, options) };
    // Beyond what it has already, or the same score would come out again.
    const beyond = upwards ? Math.max(asked, estimate.value) : Math.min(asked, estimate.value);
    const step = Math.max(lacking / 2, 1e-4);
    asked = upwards ? beyond + step : beyond - step;
  }
  return null;
}

/** Whether a target is met, or may be by what chance makes of these pairs: it lies within or on the safe side. */
export function holds({ figure, value }: ThresholdTarget, figures: ThresholdFigures): boolean | null {
  const estimate = figures[figure];
  if (estimate === null) return null;
  return figure === 'falseMatchRate' ? estimate.low <= value : estimate.high >= value;
}
