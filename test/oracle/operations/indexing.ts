import { at, forEach, type NaiveArray, naiveArray, positionOf, sizeOf, tabulate } from '../naive-array.js';
import type { NaiveRule } from '../naive-rule.js';

const gather: NaiveRule<{ axis: number }> = ([x, indices], { axis }) => {
  const shape = [...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)];
  const after = axis + indices.shape.length;
  return [
    tabulate(shape, (index) => {
      const chosen = at(indices, index.slice(axis, after));
      return at(x, [...index.slice(0, axis), chosen, ...index.slice(after)]);
    }),
  ];
};

const scatterAdd: NaiveRule<{ shape: readonly number[] }> = ([indices, rows], { shape }) => [
  addedUp(shape, rows, (index) => {
    const rank = indices.shape.length;
    return [at(indices, index.slice(0, rank)), ...index.slice(rank)];
  }),
];

const gatherElements: NaiveRule<{ axis: number }> = ([x, indices], { axis }) => [
  tabulate(indices.shape, (index) => at(x, index.with(axis, at(indices, index)))),
];

const scatterElements: NaiveRule<{ shape: readonly number[]; axis: number }> = (
  [indices, values],
  { shape, axis },
) => [addedUp(shape, values, (index) => index.with(axis, at(indices, index)))];

const topK: NaiveRule<{ k: number }> = ([x], { k }) => {
  const length = x.shape.at(-1)!;
  const shape = [...x.shape.slice(0, -1), k];
  const values: number[] = [];
  const indices: number[] = [];
  for (let start = 0; start < x.values.length; start += length) {
    const row = [...x.values.subarray(start, start + length)];
    const best = [...row.keys()].sort((i, j) => row[j] - row[i] || i - j).slice(0, k);
    indices.push(...best);
    values.push(...best.map((i) => row[i]));
  }
  return [naiveArray(shape, values), naiveArray(shape, indices)];
};

/** Zeros, to which every value is added at its target. */
function addedUp(
  shape: readonly number[],
  values: NaiveArray,
  target: (index: readonly number[]) => readonly number[],
): NaiveArray {
  const sums = new Float64Array(sizeOf(shape));
  forEach(values, (value, index) => {
    sums[positionOf(shape, target(index))] += value;
  });
  return { shape, values: sums };
}

export const indexing = { gather, scatterAdd, gatherElements, scatterElements, topK };
