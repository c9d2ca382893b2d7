import { describe, expect, it } from 'vitest';
import { ConfusionCounter, confusionRows } from './confusion-matrix.js';

const queryLabels = Int32Array.of(0, 1, 0, 1);
const block = {
  firstQuery: 0,
  queryCount: 4,
  k: 3,
  indices: Int32Array.of(1, 2, 3, 3, 0, 2, 1, 0, 3, 1, 0, 2),
  scores: Float32Array.of(0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.95, 0.2, 0.1, 0.3, 0.2, 0.1),
};

describe('ConfusionCounter', () => {
  it('counts the classes of the nearest neighbours, row by the class of the query', () => {
    const counter = new ConfusionCounter({ queryLabels, classCount: 2, neighboursPerQuery: 2 });
    counter.add(block);
    const matrix = counter.matrix();
    expect(confusionRows(matrix)).toEqual([
      [2, 2],
      [2, 2],
    ]);
    expect(matrix).toMatchObject({ queries: 4, neighboursPerQuery: 2 });
  });

  it('takes only the first queries of each class where asked to', () => {
    const counter = new ConfusionCounter({
      queryLabels,
      classCount: 2,
      neighboursPerQuery: 1,
      queriesPerClass: 1,
    });
    counter.add(block);
    expect(confusionRows(counter.matrix())).toEqual([
      [0, 1],
      [0, 1],
    ]);
  });

  it('keeps the best-scoring match of each pair of classes', () => {
    const counter = new ConfusionCounter({ queryLabels, classCount: 2, neighboursPerQuery: 2 });
    counter.add(block);
    expect(counter.closest(0, 1)).toEqual({ query: 2, neighbour: 1, score: Math.fround(0.95) });
  });

  it('holds only cells that occur', () => {
    const counter = new ConfusionCounter({ queryLabels, classCount: 1_000_000, neighboursPerQuery: 2 });
    counter.add(block);
    expect(counter.matrix().cells).toHaveLength(4);
  });
});
