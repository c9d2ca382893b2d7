import { type Contingency, contingency } from './contingency.js';

/**
 * Normalised mutual information of two labellings of the same items, in [0, 1]:
 *
 * NMI = I(U; V) / ½ (H(U) + H(V)), with I = Σ (n_ij/n) ln(n·n_ij / (a_i·b_j)) and H(U) = −Σ (a_i/n) ln(a_i/n)
 *
 * 1 where they are the same partition under other names, 0 where they are independent or one of them does not divide the
 * items. The arithmetic mean is scikit-learn's default; others divide by √(H(U)·H(V)). It rises with the number of clusters
 * even where these are random: compare figures for equal numbers, or take `adjustedMutualInformation`.
 *
 * @param first a label per item, any whole numbers
 * @param second likewise
 * @throws ImagekinError `shape-mismatch` where they are of different lengths
 */
export function normalizedMutualInformation(first: ArrayLike<number>, second: ArrayLike<number>): number {
  const table = contingency(first, second);
  if (isSamePartition(table)) return 1;
  return within01(mutualInformation(table) / meanEntropy(table));
}

/**
 * Mutual information adjusted for chance, at most 1:
 *
 * AMI = (I(U; V) − E) / (½ (H(U) + H(V)) − E)
 *
 * with E the expectation of I over all pairs of partitions with these sizes of classes and clusters (the hypergeometric
 * model; Vinh, Epps and Bailey, "Information Theoretic Measures for Clusterings Comparison", JMLR 2010, equation 24a),
 * worked out exactly. 1 for the same partition, about 0, at times below it, for independent ones, whatever the number of
 * clusters.
 *
 * @param first a label per item, any whole numbers
 * @param second likewise
 * @throws ImagekinError `shape-mismatch` where they are of different lengths
 */
export function adjustedMutualInformation(first: ArrayLike<number>, second: ArrayLike<number>): number {
  const table = contingency(first, second);
  if (isSamePartition(table)) return 1;
  const expected = expectedMutualInformation(table);
  return (mutualInformation(table) - expected) / (meanEntropy(table) - expected);
}

/** Every class is one cluster and every cluster one class; also where there is no item. */
function isSamePartition({ cells, rowTotals, columnTotals }: Contingency): boolean {
  return cells.length === rowTotals.length && cells.length === columnTotals.length;
}

function mutualInformation({ total, rowTotals, columnTotals, cells }: Contingency): number {
  return sum(
    cells.map(
      ([row, column, count]) =>
        (count / total) * Math.log((total * count) / (rowTotals[row] * columnTotals[column])),
    ),
  );
}

function meanEntropy({ total, rowTotals, columnTotals }: Contingency): number {
  const entropy = (totals: readonly number[]) =>
    -sum(totals.map((count) => (count / total) * Math.log(count / total)));
  return (entropy(rowTotals) + entropy(columnTotals)) / 2;
}

/**
 * E = Σ_ij Σ_m (m/n) ln(n·m / (a_i·b_j)) · P(m), m from max(1, a_i + b_j − n) to min(a_i, b_j), with P hypergeometric: the
 * chance that a_i and b_j items drawn of n have m in common. Classes of one size share their terms, so that a thousand
 * classes cost as much as they have sizes.
 */
function expectedMutualInformation({ total: n, rowTotals, columnTotals }: Contingency): number {
  const logFactorial = new Float64Array(n + 1);
  for (let i = 2; i <= n; i++) logFactorial[i] = logFactorial[i - 1] + Math.log(i);
  let expected = 0;
  for (const [a, rows] of sizes(rowTotals))
    for (const [b, columns] of sizes(columnTotals)) {
      const whole =
        logFactorial[a] + logFactorial[b] + logFactorial[n - a] + logFactorial[n - b] - logFactorial[n];
      let ofPair = 0;
      for (let m = Math.max(1, a + b - n); m <= Math.min(a, b); m++) {
        const logChance =
          whole - logFactorial[m] - logFactorial[a - m] - logFactorial[b - m] - logFactorial[n - a - b + m];
        ofPair += (m / n) * Math.log((n * m) / (a * b)) * Math.exp(logChance);
      }
      expected += rows * columns * ofPair;
    }
  return expected;
}

/** How many classes there are of each size. */
function sizes(totals: readonly number[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const total of totals) counts.set(total, (counts.get(total) ?? 0) + 1);
  return counts;
}

/** Rounding takes values by an ulp or two beyond their bounds. */
function within01(value: number): number {
  return Math.min(1, Math.max(0, value));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
