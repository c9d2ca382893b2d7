import { describe, expect, it } from 'vitest';
import { mostConfusedPairs } from './most-confused-pairs.js';

const matrix = (rows: number[][]) => ({
  classCount: rows.length,
  neighboursPerQuery: 10,
  queries: 1,
  cells: rows.flatMap((row, a) => row.flatMap((count, b) => (count ? [[a, b, count] as const] : []))),
});

describe('mostConfusedPairs', () => {
  it('ranks pairs by the shares of both directions, so that a large class does not lead by size', () => {
    const pairs = mostConfusedPairs(
      matrix([
        [900, 100, 0],
        [0, 10, 0],
        [0, 5, 5],
      ]),
    );
    expect(pairs).toEqual([
      { classes: [2, 1], share: 0.25, count: 5 },
      { classes: [0, 1], share: 0.05, count: 100 },
    ]);
  });

  it('adds up both directions and names the class that finds the other more often first', () => {
    const pairs = mostConfusedPairs(
      matrix([
        [8, 2],
        [6, 4],
      ]),
    );
    expect(pairs).toEqual([{ classes: [1, 0], share: 0.4, count: 8 }]);
  });

  it('finds none where every neighbour has the class of its query', () => {
    expect(
      mostConfusedPairs(
        matrix([
          [3, 0],
          [0, 3],
        ]),
      ),
    ).toEqual([]);
  });

  it('gives no more than asked for, equal shares by class index', () => {
    const all = [
      [0, 1, 1],
      [1, 0, 1],
      [1, 1, 0],
    ];
    expect(mostConfusedPairs(matrix(all), 2).map((pair) => pair.classes)).toEqual([
      [0, 1],
      [0, 2],
    ]);
  });
});
