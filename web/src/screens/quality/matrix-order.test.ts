import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { matrixOrder, matrixOrders, worstConfusions } from './matrix-order.js';

const matrix = {
  labels: ['cat', 'ship', 'dog', 'truck'],
  counts: [
    [6, 0, 4, 0],
    [0, 8, 0, 1],
    [3, 0, 7, 0],
    [0, 3, 0, 20],
  ],
};
const ordered = (order: (typeof matrixOrders)[number]) =>
  matrixOrder(matrix, order).map((index) => matrix.labels[index]);

describe('labels are ordered', () => {
  test('by name', () => {
    expect(ordered('name')).toEqual(['cat', 'dog', 'ship', 'truck']);
  });
  test('by how many images they have', () => {
    expect(ordered('images')).toEqual(['truck', 'cat', 'dog', 'ship']);
  });
  test('by the share of images whose nearest has another label', () => {
    expect(ordered('mistakes')).toEqual(['cat', 'dog', 'truck', 'ship']);
  });
  test('with those side by side that are taken for each other', () => {
    const order = ordered('alike');
    expect(Math.abs(order.indexOf('cat') - order.indexOf('dog'))).toBe(1);
    expect(Math.abs(order.indexOf('ship') - order.indexOf('truck'))).toBe(1);
  });
});

test('a chain of confusions is laid out as a chain', () => {
  const next = (a: number, b: number) => (a === b ? 10 : Math.abs(a - b) === 1 ? 5 : 0);
  const chain = [3, 0, 2, 4, 1];
  const order = matrixOrder(
    { labels: chain.map(String), counts: chain.map((a) => chain.map((b) => next(a, b))) },
    'alike',
  ).map((index) => chain[index]!);
  const steps = order.slice(1).map((value, at) => Math.abs(value - order[at]!));
  expect(steps.filter((step) => step === 1).length).toBeGreaterThanOrEqual(3);
});

test('every order holds every label once, whatever was counted', () => {
  const counts = fc.integer({ min: 0, max: 12 }).chain((labels) =>
    fc.array(fc.array(fc.nat(20), { minLength: labels, maxLength: labels }), {
      minLength: labels,
      maxLength: labels,
    }),
  );
  fc.assert(
    fc.property(counts, fc.constantFrom(...matrixOrders), (rows, order) => {
      const indexes = matrixOrder({ labels: rows.map((_, i) => `l${i}`), counts: rows }, order);
      expect([...indexes].sort((a, b) => a - b)).toEqual(rows.map((_, i) => i));
    }),
  );
});

test('the worst confusions are those of the most images', () => {
  expect(worstConfusions(matrix, 3)).toEqual([
    { of: 'cat', as: 'dog', images: 4, share: 0.4 },
    { of: 'dog', as: 'cat', images: 3, share: 0.3 },
    { of: 'truck', as: 'ship', images: 3, share: 3 / 23 },
  ]);
});
