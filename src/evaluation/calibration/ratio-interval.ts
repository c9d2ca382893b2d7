import { Random } from '../../core/random.js';
import type { ScoredPairs } from './scored-pairs.js';

/** A share with the interval that holds the true one in 95 % of repetitions; `null` where there is nothing to count. */
export interface ShareEstimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** Σ hits / Σ trials over pairs. */
export interface PairRatio {
  /** float64 [n] */
  readonly hits: Float64Array;
  /** float64 [n] */
  readonly trials: Float64Array;
}

export interface IntervalOptions {
  /** Default 1000. */
  readonly resamples?: number;
  /** Default 0. */
  readonly seed?: number;
}

const defaultResamples = 1000;
const quantiles = [0.025, 0.975] as const;
/** The 97.5 % point of the standard normal distribution. */
const z = 1.959963984540054;

/**
 * Confidence intervals (95 %) of shares of pairs, by the percentile bootstrap over what the pairs are made of: images, or
 * classes. Pairs are not independent. Those of one query stand and fall together, and so do those that one image is a hit
 * of; an interval over pairs would be far too narrow. So images (or classes) are drawn with replacement, and a pair counts
 * as often as its first was drawn times as often as its second; a pair within one cluster counts as often as that was drawn.
 *
 * This is the vertex bootstrap of Snijders and Borgatti, "Non-Parametric Standard Errors and Tests for Network Statistics"
 * (1999), and the pigeonhole bootstrap of Owen (2007) with one set of things on both sides. It errs on the wide side.
 *
 * A share of exactly 0 or 1 does not vary over resamples, which would promise certainty. Its interval is Wilson's with the
 * number of first clusters that have a trial as the number of trials: no more independent things were seen.
 *
 * @param ratios over the same pairs; all are computed from the same resamples
 * @returns for each, `null` where it has no trial
 */
export function ratioIntervals(
  ratios: readonly PairRatio[],
  { clusters, partners }: Pick<ScoredPairs, 'clusters' | 'partners'>,
  { resamples = defaultResamples, seed = 0 }: IntervalOptions = {},
): (ShareEstimate | null)[] {
  const indexOf = new Map<number, number>();
  const compact = (ids: Int32Array) =>
    ids.map((id) => {
      if (!indexOf.has(id)) indexOf.set(id, indexOf.size);
      return indexOf.get(id)!;
    });
  const [first, second] = [compact(clusters), compact(partners)];
  const tried = ratios.map(({ trials }) => Int32Array.from(trials.keys()).filter((i) => trials[i] > 0));
  const draws = ratios.map((): number[] => []);
  const random = Random.of(seed, 'calibration', 'bootstrap');
  const counts = new Int32Array(indexOf.size);
  for (let resample = 0; resample < resamples; resample++) {
    counts.fill(0);
    for (let i = 0; i < counts.length; i++) counts[random.integer(counts.length)]++;
    ratios.forEach(({ hits, trials }, r) => {
      let [hit, total] = [0, 0];
      for (const i of tried[r]) {
        const times = first[i] === second[i] ? counts[first[i]] : counts[first[i]] * counts[second[i]];
        hit += times * hits[i];
        total += times * trials[i];
      }
      if (total > 0) draws[r].push(hit / total);
    });
  }
  return ratios.map(({ hits, trials }, r) => {
    if (tried[r].length === 0) return null;
    const sum = (values: Float64Array) => values.reduce((total, value) => total + value, 0);
    const value = Math.min(1, sum(hits) / sum(trials));
    const seen = new Set(Array.from(tried[r], (i) => first[i])).size;
    if (value === 0 || value === 1 || seen < 2) return { value, ...wilsonInterval(value, seen) };
    const sorted = Float64Array.from(draws[r]).sort();
    const [low, high] = quantiles.map((q) => quantileOf(sorted, q));
    // Resampling is not exact; the interval always holds what was measured.
    return { value, low: Math.min(low, value), high: Math.max(high, value) };
  });
}

/**
 * Wilson's score interval (95 %) of a share over independent trials, (p + z²/2n ± z √(p(1−p)/n + z²/4n²)) / (1 + z²/n).
 * Wilson, "Probable Inference, the Law of Succession, and Statistical Inference" (1927).
 * @param trials at least 1
 */
export function wilsonInterval(
  share: number,
  trials: number,
): { readonly low: number; readonly high: number } {
  const scale = 1 + z ** 2 / trials;
  const centre = (share + z ** 2 / (2 * trials)) / scale;
  const half = (z * Math.sqrt((share * (1 - share)) / trials + z ** 2 / (4 * trials ** 2))) / scale;
  return {
    low: Math.max(0, Math.min(share, centre - half)),
    high: Math.min(1, Math.max(share, centre + half)),
  };
}

/** The quantile of sorted values, by straight lines between them. */
function quantileOf(sorted: Float64Array, q: number): number {
  const at = q * (sorted.length - 1);
  const below = Math.floor(at);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (sorted[above] - sorted[below]) * (at - below);
}
