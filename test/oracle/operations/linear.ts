import { at, tabulate } from '../naive-array.js';
import type { NaiveRule } from '../naive-rule.js';

const mapAxis: NaiveRule<{ matrix: readonly (readonly number[])[]; axis: number }> = (
  [x],
  { matrix, axis },
) => [
  tabulate(x.shape.with(axis, matrix.length), (index) =>
    matrix[index[axis]].reduce((sum, weight, j) => sum + weight * at(x, index.with(axis, j)), 0),
  ),
];

const maxOfBlock: NaiveRule<void> = ([x]) => [
  tabulate(x.shape.with(1, 1), (index) =>
    Math.max(...Array.from({ length: x.shape[1] }, (_, j) => at(x, index.with(1, j)))),
  ),
];

const reverse: NaiveRule<{ axis: number }> = ([x], { axis }) => [
  tabulate(x.shape, (index) => at(x, index.with(axis, x.shape[axis] - 1 - index[axis]))),
];

/** Product of matrices, or of stacks of them whose axes of length 1 stretch. */
const matmul: NaiveRule<{ transposeA: boolean; transposeB: boolean }> = (
  [a, b, bias],
  { transposeA, transposeB },
) => {
  const inner = a.shape.at(transposeA ? -2 : -1)!;
  const rows = a.shape.at(transposeA ? -1 : -2)!;
  const columns = b.shape.at(transposeB ? -2 : -1)!;
  const rank = Math.max(a.shape.length, b.shape.length) - 2;
  const stacked = (x: { shape: readonly number[] }, axis: number) =>
    x.shape[axis + x.shape.length - 2 - rank] ?? 1;
  const stack = Array.from({ length: rank }, (_, axis) => Math.max(stacked(a, axis), stacked(b, axis)));
  const place = (x: { shape: readonly number[] }, index: readonly number[], row: number, column: number) => {
    const added = rank - (x.shape.length - 2);
    const before = x.shape.slice(0, -2).map((length, axis) => (length === 1 ? 0 : index[axis + added]));
    return [...before, row, column];
  };
  return [
    tabulate([...stack, rows, columns], (index) => {
      const [row, column] = [index[rank], index[rank + 1]];
      let sum = bias ? bias.values[column] : 0;
      for (let k = 0; k < inner; k++) {
        const left = transposeA ? place(a, index, k, row) : place(a, index, row, k);
        const right = transposeB ? place(b, index, column, k) : place(b, index, k, column);
        sum += at(a, left) * at(b, right);
      }
      return sum;
    }),
  ];
};

export const linear = { mapAxis, maxOfBlock, reverse, matmul };
