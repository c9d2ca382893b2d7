import { type NaiveArray, naiveArray, tabulate } from '../naive-array.js';
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

const matmul: NaiveRule<{ transposeA: boolean; transposeB: boolean }> = (
  [a, b, bias],
  { transposeA, transposeB },
) => {
  const entry = (x: NaiveArray, transposed: boolean, row: number, column: number) =>
    transposed ? x.values[column * x.shape[1] + row] : x.values[row * x.shape[1] + column];
  const [rows, inner] = transposeA ? [a.shape[1], a.shape[0]] : a.shape;
  const columns = b.shape[transposeB ? 0 : 1];
  return [
    tabulate([rows, columns], ([i, j]) => {
      let sum = bias?.values[j] ?? 0;
      for (let k = 0; k < inner; k++) sum += entry(a, transposeA, i, k) * entry(b, transposeB, k, j);
      return sum;
    }),
  ];
};

export const rows = { softmax, logSoftmax, l2Normalize, matmul };
