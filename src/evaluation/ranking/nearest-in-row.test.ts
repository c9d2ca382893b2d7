import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { classOrder } from './class-order.js';
import { NearestInRow } from './nearest-in-row.js';

function nearest(scores: readonly number[], labels: readonly number[], k: number, self = -1) {
  const order = classOrder(Int32Array.from(labels), 5);
  const row = Float32Array.from(order.indexAt, (index) => scores[index]);
  const indices = new Int32Array(k + 2).fill(99);
  const found = new Float32Array(k + 2).fill(99);
  new NearestInRow(order, k).find(row, self < 0 ? -1 : order.positionOf[self], indices, found, 1);
  expect([indices[0], indices[k + 1], found[0], found[k + 1]]).toEqual([99, 99, 99, 99]);
  return { indices: [...indices.slice(1, -1)], scores: [...found.slice(1, -1)] };
}

describe('NearestInRow', () => {
  it('lists the best by their indices in the gallery', () => {
    expect(nearest([0.25, 1, 0.5, 0.75], [1, 1, 0, 0], 2)).toEqual({ indices: [1, 3], scores: [1, 0.75] });
  });

  it('ends where the gallery ends', () => {
    const { NEGATIVE_INFINITY } = Number;
    expect(nearest([0.5, 1], [0, 0], 3, 1)).toEqual({
      indices: [0, -1, -1],
      scores: [0.5, NEGATIVE_INFINITY, NEGATIVE_INFINITY],
    });
  });

  it('agrees with sorting all, the lower index first on ties', () => {
    const items = fc.array(fc.tuple(fc.integer({ min: -2, max: 2 }), fc.integer({ min: 0, max: 4 })), {
      minLength: 1,
    });
    fc.assert(
      fc.property(items, fc.integer({ min: 1, max: 12 }), (drawn, k) => {
        const scores = drawn.map(([score]) => score);
        const labels = drawn.map(([, label]) => label);
        const sorted = [...scores.keys()].slice(1).sort((a, b) => scores[b] - scores[a] || a - b);
        const expected = [...sorted, ...new Array<number>(k).fill(-1)].slice(0, k);
        expect(nearest(scores, labels, k, 0).indices).toEqual(expected);
      }),
    );
  });
});
