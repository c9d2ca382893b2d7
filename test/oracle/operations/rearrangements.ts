import type { Dimension } from '../../../src/engine/tensor.js';
import { at, naiveArray, sizeOf, tabulate } from '../naive-array.js';
import type { NaiveRule } from '../naive-rule.js';

const reshape: NaiveRule<{ shape: readonly Dimension[] }> = ([x], { shape }) => {
  const known = sizeOf(shape.filter((length) => typeof length === 'number'));
  const open = x.values.length / known;
  return [
    naiveArray(
      shape.map((length) => (typeof length === 'number' ? length : open)),
      x.values,
    ),
  ];
};

const transpose: NaiveRule<{ permutation: readonly number[] }> = ([x], { permutation }) => [
  tabulate(
    permutation.map((axis) => x.shape[axis]),
    (index) =>
      at(
        x,
        x.shape.map((_, axis) => index[permutation.indexOf(axis)]),
      ),
  ),
];

const broadcastTo: NaiveRule<{ shape: readonly number[] }> = ([x], { shape }) => {
  const added = shape.length - x.shape.length;
  return [
    tabulate(shape, (index) =>
      at(
        x,
        x.shape.map((length, axis) => (length === 1 ? 0 : index[axis + added])),
      ),
    ),
  ];
};

const slice: NaiveRule<{ axis: number; start: number; end: number }> = ([x], { axis, start, end }) => [
  tabulate(x.shape.with(axis, end - start), (index) => at(x, index.with(axis, index[axis] + start))),
];

const split: NaiveRule<{ lengths: readonly number[]; axis: number }> = ([x], { lengths, axis }) => {
  let start = 0;
  return lengths.map((length) => {
    const end = start + length;
    const [piece] = slice([x], { axis, start, end });
    start = end;
    return piece;
  });
};

const concat: NaiveRule<{ axis: number }> = (inputs, { axis }) => {
  const total = inputs.reduce((length, x) => length + x.shape[axis], 0);
  return [
    tabulate(inputs[0].shape.with(axis, total), (index) => {
      let [which, offset] = [0, index[axis]];
      while (offset >= inputs[which].shape[axis]) offset -= inputs[which++].shape[axis];
      return at(inputs[which], index.with(axis, offset));
    }),
  ];
};

const recomputed: NaiveRule<unknown> = ([x]) => [x];

export const rearrangements = { recomputed, reshape, transpose, broadcastTo, slice, split, concat };
