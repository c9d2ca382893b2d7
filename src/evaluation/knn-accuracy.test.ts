import { describe, expect, it } from 'vitest';
import { KnnAccuracy } from './knn-accuracy.js';

const trainLabels = Int32Array.of(0, 0, 1, 1, 2);

function accuracyOf(queryLabel: number, ranked: number[], k = ranked.length): number | null {
  const knn = new KnnAccuracy({ queryLabels: Int32Array.of(queryLabel), trainLabels, classCount: 3, k });
  const indices = Int32Array.from(ranked);
  const scores = new Float32Array(ranked.length);
  knn.add({ firstQuery: 0, queryCount: 1, k: ranked.length, indices, scores });
  return knn.accuracy();
}

describe('KnnAccuracy', () => {
  it('lets the majority win even against the nearest neighbour', () => {
    expect(accuracyOf(1, [4, 2, 3])).toBe(1);
    expect(accuracyOf(2, [4, 2, 3])).toBe(0);
  });

  it('gives a tie to the class that holds the nearest of its voters', () => {
    expect(accuracyOf(1, [4, 2, 0, 1, 3])).toBe(1);
    expect(accuracyOf(0, [4, 2, 0, 1, 3])).toBe(0);
    expect(accuracyOf(0, [4, 0, 2, 3, 1])).toBe(1);
  });

  it('counts no vote beyond k', () => {
    expect(accuracyOf(2, [4, 2, 3], 1)).toBe(1);
  });

  it('takes the whole training split where it is smaller than k', () => {
    const knn = new KnnAccuracy({ queryLabels: Int32Array.of(0), trainLabels, classCount: 3 });
    expect(knn.neighboursNeeded).toBe(5);
  });

  it('has no accuracy before any query', () => {
    const knn = new KnnAccuracy({ queryLabels: Int32Array.of(0), trainLabels, classCount: 3 });
    expect(knn.accuracy()).toBeNull();
  });
});
