import { describe, expect, it } from 'vitest';
import { embeddingSpread } from './embedding-spread.js';

describe('embeddingSpread', () => {
  it('is nothing for embeddings that are all alike', () => {
    const spread = embeddingSpread(Float32Array.of(0.6, 0.8, 0.6, 0.8, 0.6, 0.8), 2);
    expect(spread.spread).toBeCloseTo(0, 6);
    expect(spread.meanPairwiseCosine).toBeCloseTo(1, 6);
  });

  it('is 1 for embeddings spread evenly, 1/√d in each dimension', () => {
    const spread = embeddingSpread(Float32Array.of(1, 0, -1, 0, 0, 1, 0, -1), 2);
    expect(spread.spread).toBeCloseTo(1, 12);
    expect(spread.deviationPerDimension[0]).toBeCloseTo(1 / Math.sqrt(2), 12);
    expect(spread.meanPairwiseCosine).toBeCloseTo(-1 / 3, 12);
  });

  it('tells a dimension that carries nothing from one that does', () => {
    const spread = embeddingSpread(Float32Array.of(1, 0, -1, 0), 2);
    expect(spread.deviationPerDimension).toEqual([1, 0]);
  });

  it('has no pairs to compare in a set of one', () => {
    expect(embeddingSpread(Float32Array.of(1, 0), 2).meanPairwiseCosine).toBeNull();
  });
});
