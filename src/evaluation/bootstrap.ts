import { ImagekinError } from '../core/errors.js';
import { Random } from '../core/random.js';

export interface BootstrapOptions {
  /** Default 1000. */
  readonly resamples?: number;
  /** Share of resamples within an interval, in (0, 1). Default 0.95. */
  readonly confidence?: number;
  /** Equal seeds give equal intervals. Default 0. */
  readonly seed?: number;
  /** Values per query, each of which gets an interval of its own from the same resamples. Default 1. */
  readonly columns?: number;
}

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** A difference of two means over the same queries. */
export interface Difference extends Interval {
  /** Mean of the second minus mean of the first. */
  readonly difference: number;
  /** Two-sided: how easily a difference as far from 0 comes about by the choice of queries. */
  readonly p: number;
}

/**
 * Percentile intervals of means over queries: queries are drawn with replacement as often as there are, and the interval
 * holds the middle share of the means that come of it (Efron and Tibshirani, "An Introduction to the Bootstrap", 1993,
 * section 13.3). It says how far the figure would move with other queries of the same kind; not with another training seed.
 *
 * @param values float64 [queries, columns]
 * @returns an interval per column
 * @throws ImagekinError `too-few-images` where there is no query, `wrong-usage` for options out of range
 */
export function bootstrap(values: ArrayLike<number>, options: BootstrapOptions = {}): Interval[] {
  const { confidence = 0.95 } = options;
  return resampledMeans(values, options).map((means) => percentileInterval(means, confidence));
}

/**
 * Compares two models by the same queries. The difference is taken query by query and its mean resampled like any other, so
 * that what is easy or hard for both models drops out: the interval is far narrower than those of the two means suggest.
 *
 * p = 2 · min(#{d* ≤ 0} + 1, #{d* ≥ 0} + 1) / (resamples + 1), at most 1, with d* the resampled differences: the confidence
 * at which the percentile interval first touches 0, and never 0 itself (Davison and Hinkley, "Bootstrap Methods and their
 * Application", 1997, section 4.2).
 *
 * @param first float64 [queries, columns]
 * @param second float64 [queries, columns]
 * @returns a difference per column, second minus first
 * @throws ImagekinError `queries-differ` where the two are of different lengths; otherwise like `bootstrap`
 */
export function pairedBootstrap(
  first: ArrayLike<number>,
  second: ArrayLike<number>,
  options: BootstrapOptions = {},
): Difference[] {
  const { confidence = 0.95, columns = 1 } = options;
  if (first.length !== second.length)
    throw new ImagekinError('queries-differ', {
      where: 'pairedBootstrap',
      expected: 'as many queries of the second model as of the first',
      got: `${second.length / columns} and ${first.length / columns}`,
      fix: 'measure both models on the same images',
    });
  const differences = Float64Array.from(first, (value, i) => second[i] - value);
  const observed = columnMeans(differences, columns);
  return resampledMeans(differences, options).map((means, column) => {
    const atMost = means.filter((mean) => mean <= 0).length;
    const atLeast = means.filter((mean) => mean >= 0).length;
    return {
      difference: observed[column],
      ...percentileInterval(means, confidence),
      p: Math.min(1, (2 * (Math.min(atMost, atLeast) + 1)) / (means.length + 1)),
    };
  });
}

/** The means of every resample: float64 [resamples], per column. */
function resampledMeans(values: ArrayLike<number>, options: BootstrapOptions): Float64Array[] {
  const { resamples = 1000, confidence = 0.95, seed = 0, columns = 1 } = options;
  const count = values.length / columns;
  if (!(Number.isInteger(resamples) && resamples >= 1 && confidence > 0 && confidence < 1))
    throw new ImagekinError('wrong-usage', {
      where: 'bootstrap',
      expected: 'at least one resample and a confidence between 0 and 1',
      got: `${resamples} and ${confidence}`,
      fix: 'leave them out for 1000 and 0.95',
    });
  if (!Number.isInteger(count) || count === 0)
    throw new ImagekinError('too-few-images', {
      where: 'bootstrap',
      expected: `at least one query with ${columns} values`,
      got: `${values.length} values`,
      fix: 'measure a set with at least one class of two images',
    });
  const byColumn = Array.from({ length: columns }, (_, column) =>
    Float64Array.from({ length: count }, (_, query) => values[query * columns + column]),
  );
  const means = Array.from({ length: columns }, () => new Float64Array(resamples));
  // How often each query is drawn: then every column is read in order, which is several times as fast as at random.
  const draws = new Int32Array(count);
  for (let resample = 0; resample < resamples; resample++) {
    const random = Random.of(seed, 'bootstrap', resample);
    draws.fill(0);
    // Of the 2³² numbers some queries get one more than others, which is nothing beside the noise of resampling.
    for (let i = 0; i < count; i++) draws[Math.floor(random.uniform() * count)]++;
    for (let column = 0; column < columns; column++)
      means[column][resample] = weightedSum(byColumn[column], draws) / count;
  }
  return means;
}

function weightedSum(values: Float64Array, weights: Int32Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += weights[i] * values[i];
  return sum;
}

function columnMeans(values: Float64Array, columns: number): Float64Array {
  const means = new Float64Array(columns);
  for (let i = 0; i < values.length; i++) means[i % columns] += values[i];
  return means.map((sum) => sum / (values.length / columns));
}

function percentileInterval(means: Float64Array, confidence: number): Interval {
  const sorted = means.toSorted();
  const tail = (1 - confidence) / 2;
  return { low: quantile(sorted, tail), high: quantile(sorted, 1 - tail) };
}

/** Between two order statistics, linearly (type 7 of Hyndman and Fan 1996). */
function quantile(sorted: Float64Array, share: number): number {
  const at = share * (sorted.length - 1);
  const below = Math.floor(at);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
}
