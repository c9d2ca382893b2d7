// What miners choose, by plain loops over a matrix of nearness in float64.

/** Nearness of each anchor (row) to each reference (column), and the class of each. */
export interface NaiveComparison {
  readonly nearness: readonly (readonly number[])[];
  readonly anchorLabels: readonly number[];
  /** −1: nothing to compare with. */
  readonly referenceLabels: readonly number[];
}

/** Columns of an anchor and a positive, and of an anchor and a negative. */
export interface NaivePairs {
  readonly positives: readonly (readonly [number, number])[];
  readonly negatives: readonly (readonly [number, number])[];
}

export type NaiveTriplet = readonly [anchor: number, positive: number, negative: number];

interface Anchor {
  readonly row: number;
  readonly s: readonly number[];
  readonly positives: readonly number[];
  readonly negatives: readonly number[];
}

export function anchorsOf({ nearness, anchorLabels, referenceLabels }: NaiveComparison): Anchor[] {
  return nearness.map((s, row) => {
    const columns = referenceLabels.map((_, j) => j).filter((j) => j !== row && referenceLabels[j] >= 0);
    const isKin = (j: number) => referenceLabels[j] === anchorLabels[row];
    return { row, s, positives: columns.filter(isKin), negatives: columns.filter((j) => !isKin(j)) };
  });
}

const pairsWith = (
  comparison: NaiveComparison,
  choose: (anchor: Anchor) => { positives: readonly number[]; negatives: readonly number[] },
): NaivePairs => {
  const positives: [number, number][] = [];
  const negatives: [number, number][] = [];
  for (const anchor of anchorsOf(comparison)) {
    const chosen = choose(anchor);
    positives.push(...chosen.positives.map((j): [number, number] => [anchor.row, j]));
    negatives.push(...chosen.negatives.map((j): [number, number] => [anchor.row, j]));
  }
  return { positives, negatives };
};

export const naiveAllPairs = (comparison: NaiveComparison): NaivePairs =>
  pairsWith(comparison, (anchor) => anchor);

export const naiveHardPairs = (comparison: NaiveComparison): NaivePairs =>
  pairsWith(comparison, ({ s, positives, negatives }) => {
    if (positives.length === 0 || negatives.length === 0) return { positives: [], negatives: [] };
    const furthest = Math.min(...positives.map((p) => s[p]));
    const nearest = Math.max(...negatives.map((n) => s[n]));
    return {
      positives: positives.filter((p) => s[p] === furthest),
      negatives: negatives.filter((n) => s[n] === nearest),
    };
  });

export const naiveMultiSimilarPairs = (comparison: NaiveComparison, epsilon: number): NaivePairs =>
  pairsWith(comparison, ({ s, positives, negatives }) => {
    if (positives.length === 0 || negatives.length === 0) return { positives: [], negatives: [] };
    const furthest = Math.min(...positives.map((p) => s[p]));
    const nearest = Math.max(...negatives.map((n) => s[n]));
    return {
      positives: positives.filter((p) => s[p] < nearest + epsilon),
      negatives: negatives.filter((n) => s[n] > furthest - epsilon),
    };
  });

export const naiveSemiHardTriplets = (comparison: NaiveComparison): NaiveTriplet[] =>
  anchorsOf(comparison).flatMap(({ row, s, positives, negatives }) =>
    negatives.length === 0
      ? []
      : positives.map((p): NaiveTriplet => {
          const further = negatives.filter((n) => s[n] < s[p]);
          const better = further.length
            ? (a: number, b: number) => s[a] > s[b]
            : (a: number, b: number) => s[a] < s[b];
          const pool = further.length ? further : negatives;
          return [row, p, pool.reduce((best, n) => (better(n, best) ? n : best))];
        }),
  );

/** Probability of each reference as the negative of an anchor; all 0 where none is within reach. */
export function naiveDrawProbabilities(
  comparison: NaiveComparison,
  dimension: number,
  cutOff: number,
  furthest: number,
  squared: (nearness: number) => number,
): number[][] {
  return anchorsOf(comparison).map(({ s, negatives }) => {
    const logWeights = s.map((nearness, j) => {
      const d2 = squared(nearness);
      if (!negatives.includes(j) || d2 >= furthest ** 2) return Number.NEGATIVE_INFINITY;
      const d = Math.max(Math.sqrt(Math.max(d2, 0)), cutOff);
      return (2 - dimension) * Math.log(d) - ((dimension - 3) / 2) * Math.log(Math.max(1 - d ** 2 / 4, 1e-6));
    });
    const most = Math.max(...logWeights);
    if (most === Number.NEGATIVE_INFINITY) return s.map(() => 0);
    const weights = logWeights.map((w) => Math.exp(w - most));
    const total = weights.reduce((a, b) => a + b, 0);
    return weights.map((w) => w / total);
  });
}

export const tripletsOf = (
  comparison: NaiveComparison,
  { positives, negatives }: NaivePairs,
): NaiveTriplet[] =>
  comparison.nearness.flatMap((_, row) =>
    positives
      .filter(([anchor]) => anchor === row)
      .flatMap(([, p]) =>
        negatives.filter(([anchor]) => anchor === row).map(([, n]): NaiveTriplet => [row, p, n]),
      ),
  );

export const pairsOf = (triplets: readonly NaiveTriplet[]): NaivePairs => {
  const unique = (pairs: readonly (readonly [number, number])[]) => [
    ...new Map(pairs.map((pair) => [pair.join(), pair])).values(),
  ];
  return {
    positives: unique(triplets.map(([a, p]) => [a, p] as const)),
    negatives: unique(triplets.map(([a, , n]) => [a, n] as const)),
  };
};
