import { ImagekinError } from '../../core/errors.js';

/** How two partitions of the same items overlap; only cells that occur are held. */
export interface Contingency {
  /** Number of items. */
  readonly total: number;
  /** Items of each class of the first partition, and of each cluster of the second; none is 0. */
  readonly rowTotals: readonly number[];
  readonly columnTotals: readonly number[];
  /** [row, column, items], none with 0 items. */
  readonly cells: readonly (readonly [row: number, column: number, count: number])[];
}

/**
 * Counts how two labellings of the same items overlap. Labels are any whole numbers; only which are equal matters.
 *
 * @throws ImagekinError `shape-mismatch` where they are of different lengths
 */
export function contingency(first: ArrayLike<number>, second: ArrayLike<number>): Contingency {
  if (first.length !== second.length)
    throw new ImagekinError('shape-mismatch', {
      where: 'contingency',
      expected: `two labels for each of ${first.length} items`,
      got: `${second.length} second labels`,
      fix: 'label the same items twice',
    });
  const rows = numbered(first);
  const columns = numbered(second);
  const counts = new Map<number, number>();
  for (let i = 0; i < first.length; i++) {
    const key = rows.numbers[i] * columns.totals.length + columns.numbers[i];
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return {
    total: first.length,
    rowTotals: rows.totals,
    columnTotals: columns.totals,
    cells: [...counts].map(([key, count]) => [
      Math.floor(key / columns.totals.length),
      key % columns.totals.length,
      count,
    ]),
  };
}

/** Labels numbered from 0 in order of appearance, and how many items have each. */
function numbered(labels: ArrayLike<number>): { numbers: Int32Array; totals: number[] } {
  const numberOf = new Map<number, number>();
  const totals: number[] = [];
  const numbers = Int32Array.from(labels, (label) => {
    const number = numberOf.get(label) ?? numberOf.size;
    numberOf.set(label, number);
    totals[number] = (totals[number] ?? 0) + 1;
    return number;
  });
  return { numbers, totals };
}
