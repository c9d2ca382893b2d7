import { expect, test } from 'vitest';
import { drawOrder } from './draw-order.js';

test('points of each state are drawn together, each in the order of its rows', () => {
  const { rows, ends } = drawOrder(Uint8Array.of(2, 0, 1, 0, 2));
  expect([...rows]).toEqual([1, 3, 2, 0, 4]);
  expect(ends).toEqual([2, 3, 5]);
});
