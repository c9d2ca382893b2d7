import { expect, test } from 'vitest';
import { type LabelOrder, orderedLabels } from './label-order.js';

const rows = [
  { label: 'b10', images: 3, precisionAt1: 0.5, mapAtR: null },
  { label: 'b9', images: 8, precisionAt1: null, mapAtR: 0.2 },
  { label: 'a', images: 3, precisionAt1: 0.9, mapAtR: 0.4 },
];
const names = (order: LabelOrder) => orderedLabels(rows, order).map(({ label }) => label);

test('names are ordered as people count', () => {
  expect(names({ by: 'label', descending: false })).toEqual(['a', 'b9', 'b10']);
  expect(names({ by: 'label', descending: true })).toEqual(['b10', 'b9', 'a']);
});

test('labels of one figure are ordered by name', () => {
  expect(names({ by: 'images', descending: true })).toEqual(['b9', 'a', 'b10']);
});

test('what was not measured stands at the end in both directions', () => {
  expect(names({ by: 'precisionAt1', descending: false })).toEqual(['b10', 'a', 'b9']);
  expect(names({ by: 'precisionAt1', descending: true })).toEqual(['a', 'b10', 'b9']);
});
