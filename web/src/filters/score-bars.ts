import type { ScoreHistogram } from '../api.js';

export interface ScoreBar {
  readonly from: number;
  readonly to: number;
  /** In [0, 1], of the highest. */
  readonly height: number;
}

/** Roots of the counts: beside the many that are not alike, the few that are would else not be seen. */
export function scoreBars({ from, to, counts }: ScoreHistogram): readonly ScoreBar[] {
  const width = (to - from) / counts.length;
  const most = Math.sqrt(Math.max(1, ...counts));
  return counts.map((each, at) => ({
    from: from + at * width,
    to: from + (at + 1) * width,
    height: Math.sqrt(each) / most,
  }));
}

/** About how many images have at least a score: within a bin they are taken to be spread evenly. */
export function countFrom({ from, to, counts }: ScoreHistogram, score: number): number {
  const width = (to - from) / counts.length;
  let sum = 0;
  counts.forEach((each, at) => {
    const upper = from + (at + 1) * width;
    const share = width === 0 ? Number(upper >= score) : (upper - score) / width;
    sum += each * Math.min(1, Math.max(0, share));
  });
  return Math.round(sum);
}
