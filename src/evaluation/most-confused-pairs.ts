import type { ConfusionMatrix } from './confusion-matrix.js';

/** Two classes that are taken for one another. */
export interface ConfusedPair {
  /** Class indices; the first is the one whose queries more often find the second. */
  readonly classes: readonly [number, number];
  /** Mean of the two directions' shares, in [0, 1]. */
  readonly share: number;
  /** Neighbours counted, both directions together. */
  readonly count: number;
}

/**
 * The pairs of classes {a, b} that are confused most, by
 * ½ (M[a,b] / Σ_c M[a,c] + M[b,a] / Σ_c M[b,c]): shares of each class's own neighbours, so that large classes do not
 * lead by size. A class without queries contributes 0. Ties by class index.
 */
export function mostConfusedPairs({ classCount, cells }: ConfusionMatrix, limit = 10): ConfusedPair[] {
  const rowTotals = new Float64Array(classCount);
  for (const [row, , count] of cells) rowTotals[row] += count;
  const pairs = new Map<number, { shareOf: [number, number]; count: number }>();
  for (const [row, column, count] of cells) {
    if (row === column) continue;
    const key = Math.min(row, column) * classCount + Math.max(row, column);
    const pair = pairs.get(key) ?? { shareOf: [0, 0], count: 0 };
    pair.shareOf[row < column ? 0 : 1] += count / rowTotals[row];
    pair.count += count;
    pairs.set(key, pair);
  }
  return [...pairs]
    .map(([key, { shareOf, count }]) => {
      const lower = Math.floor(key / classCount);
      const upper = key % classCount;
      const classes: [number, number] = shareOf[0] >= shareOf[1] ? [lower, upper] : [upper, lower];
      return { key, pair: { classes, share: (shareOf[0] + shareOf[1]) / 2, count } };
    })
    .sort((a, b) => b.pair.share - a.pair.share || a.key - b.key)
    .slice(0, limit)
    .map(({ pair }) => pair);
}
