import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from '../../core/random.js';
import { classOrder } from './class-order.js';
import { PositiveRanks } from './positive-ranks.js';

/** Sorts the whole gallery. @param scores by index, not by position */
function naiveRanks(scores: ArrayLike<number>, labels: Int32Array, label: number, self: number): number[] {
  const ranking = [...labels.keys()]
    .filter((index) => index !== self)
    .sort((a, b) => scores[b] - scores[a] || a - b);
  return ranking.flatMap((index, i) => (labels[index] === label ? [i + 1] : []));
}

function ranksOf(scores: ArrayLike<number>, labels: Int32Array, label: number, self: number): number[] {
  const order = classOrder(labels, 5);
  const row = Float32Array.from(order.indexAt, (index) => scores[index]);
  return [...new PositiveRanks(order).of(row, label, self < 0 ? -1 : order.positionOf[self])];
}

describe('PositiveRanks', () => {
  it('counts what is nearer than each positive', () => {
    const labels = Int32Array.of(0, 1, 0, 1, 0);
    // By falling score: 1 (0.9), 4 (0.8), 3 (0.5), 0 (0.4), 2 (0.1)
    const scores = [0.4, 0.9, 0.1, 0.5, 0.8];
    expect(ranksOf(scores, labels, 0, -1)).toEqual([2, 4, 5]);
    expect(ranksOf(scores, labels, 1, -1)).toEqual([1, 3]);
  });

  it('leaves the query itself out, and nobody else who scores like it', () => {
    const labels = Int32Array.of(0, 1, 0, 1, 0);
    expect(ranksOf([1, 1, 1, 1, 1], labels, 0, 2)).toEqual([1, 4]);
  });

  it('gives a tie to the lower index, whatever the class', () => {
    const labels = Int32Array.of(1, 0, 1, 0, 0);
    expect(ranksOf([0.5, 0.5, 0.5, 0.5, 0.5], labels, 0, -1)).toEqual([2, 4, 5]);
  });

  it('has no rank for a class without another item', () => {
    expect(ranksOf([0.2, 0.3], Int32Array.of(0, 1), 0, 0)).toEqual([]);
    expect(ranksOf([0.2, 0.3], Int32Array.of(0, 1), 4, -1)).toEqual([]);
  });

  it('agrees with sorting the whole gallery, ties and all', () => {
    const galleries = fc
      .array(fc.tuple(fc.integer({ min: -3, max: 3 }), fc.integer({ min: 0, max: 4 })), { minLength: 1 })
      .chain((items) => fc.tuple(fc.constant(items), fc.integer({ min: -1, max: items.length - 1 })));
    fc.assert(
      fc.property(galleries, fc.integer({ min: 0, max: 4 }), (drawn, anyLabel) => {
        const [items, self] = drawn;
        const labels = Int32Array.from(items, ([, label]) => label);
        const scores = items.map(([score]) => score / 4);
        const label = self < 0 ? anyLabel : labels[self];
        expect(ranksOf(scores, labels, label, self)).toEqual(naiveRanks(scores, labels, label, self));
      }),
    );
  });

  it.each([
    ['spread evenly', (u: number) => 2 * u - 1],
    ['in a heap with one far away', (u: number) => (u < 0.001 ? -1 : 0.9 + 1e-4 * u)],
    ['almost equal', (u: number) => 1 - 1e-6 * u],
    ['all equal', () => 0.25],
    ['tiny', (u: number) => 1e-44 * (u - 0.5)],
    ['large', (u: number) => 1e38 * (u - 0.5)],
  ])('agrees with it on thousands of scores %s', (_, scoreOf) => {
    const random = Random.of(7, 'scores');
    const labels = Int32Array.from({ length: 5000 }, () => random.integer(2));
    const scores = Float32Array.from(labels, () => scoreOf(random.uniform()));
    for (const self of [-1, 17, 4999]) {
      const label = self < 0 ? 1 : labels[self];
      expect(ranksOf(scores, labels, label, self)).toEqual(naiveRanks(scores, labels, label, self));
    }
  });
});
