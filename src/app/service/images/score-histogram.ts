import type { ScoreHistogram } from '../../../api/index.js';

const bins = 40;

/**
 * How scores are spread: counts in 40 bins of one width from the least to the greatest, the greatest in the last bin. Scores that
 * are all one have a bin of 0.001 around them.
 * @param scores in any order; none gives empty bins from 0 to 1
 */
export function scoreHistogram(scores: Float64Array): ScoreHistogram {
  const counts = new Array<number>(bins).fill(0);
  let from = Number.POSITIVE_INFINITY;
  let to = Number.NEGATIVE_INFINITY;
  for (const score of scores) {
    from = Math.min(from, score);
    to = Math.max(to, score);
  }
  if (scores.length === 0) [from, to] = [0, 1];
  const least = 1e-3;
  if (to - from < least) {
    const middle = (from + to) / 2;
    [from, to] = [middle - least / 2, middle + least / 2];
  }
  for (const score of scores) {
    const bin = Math.floor(((score - from) / (to - from)) * bins);
    counts[Math.max(0, Math.min(bins - 1, bin))]!++;
  }
  return { from, to, counts, images: scores.length };
}
