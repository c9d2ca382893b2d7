import { naiveArray } from '../naive-array.js';
import type { NaiveRule } from '../naive-rule.js';

/** Each vector along the last axis becomes another one of its length. */
function perRow(compute: (row: readonly number[]) => readonly number[]): NaiveRule<void> {
  return ([x]) => {
    const length = x.shape.at(-1)!;
    const values: number[] = [];
    for (let start = 0; start < x.values.length; start += length) {
      values.push(...compute([...x.values.subarray(start, start + length)]));
    }
    return [naiveArray(x.shape, values)];
  };
}

const total = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);

function logSumExp(row: readonly number[]): number {
  const largest = Math.max(...row);
  return largest + Math.log(total(row.map((value) => Math.exp(value - largest))));
}

const softmax = perRow((row) => {
  const normalizer = logSumExp(row);
  return row.map((value) => Math.exp(value - normalizer));
});

const logSoftmax = perRow((row) => {
  const normalizer = logSumExp(row);
  return row.map((value) => value - normalizer);
});

const l2Normalize = perRow((row) => {
  const length = Math.sqrt(total(row.map((value) => value ** 2)));
  return row.map((value) => value / Math.max(length, 1e-6));
});

export const rows = { softmax, logSoftmax, l2Normalize };
