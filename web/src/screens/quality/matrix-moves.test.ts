import { expect, test } from 'vitest';
import { movedCell } from './matrix-moves.js';

test.each([
  ['ArrowUp', [1, 3]],
  ['ArrowDown', [3, 3]],
  ['ArrowLeft', [2, 2]],
  ['ArrowRight', [2, 4]],
  ['Home', [2, 0]],
  ['End', [2, 9]],
  ['PageUp', [0, 3]],
  ['PageDown', [9, 3]],
  ['Enter', undefined],
])('%s leads from row 2, column 3 of ten to %j', (key, to) => {
  expect(movedCell(key, [2, 3], 9)).toEqual(to);
});

test('no key leads out of the table', () => {
  expect(movedCell('ArrowUp', [0, 0], 9)).toEqual([0, 0]);
  expect(movedCell('ArrowRight', [9, 9], 9)).toEqual([9, 9]);
});
