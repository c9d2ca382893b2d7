import { describe, expect, it } from 'vitest';
import type { NeighbourBlock } from '../engine/nearest-neighbours.js';
import { RetrievalMetrics } from './retrieval-metrics.js';

/** A block from rankings written out by hand. */
function block(firstQuery: number, rankings: number[][]): NeighbourBlock {
  const k = rankings[0].length;
  return {
    firstQuery,
    queryCount: rankings.length,
    k,
    indices: Int32Array.from(rankings.flat()),
    scores: new Float32Array(rankings.length * k),
  };
}

describe('RetrievalMetrics', () => {
  // Five items of class 0 (R = 4), two of class 1 (R = 1), one of class 2 (alone).
  const queryLabels = Int32Array.of(0, 0, 0, 0, 0, 1, 1, 2);
  const options = { queryLabels, classCount: 3, ks: [1, 2, 5] };

  it('works the formulas out for one query as by hand', () => {
    const metrics = new RetrievalMetrics(options);
    // rel = 0 1 0 1 1: R-precision 2/4, MAP@R (1/2 + 2/4) / 4, the hit at rank 5 lies past R
    metrics.add(block(0, [[5, 1, 6, 2, 3]]));
    const figures = metrics.overall();
    expect(figures.queries).toBe(1);
    expect(figures.precisionAtK).toEqual({ 1: 0, 2: 1 / 2, 5: 3 / 5 });
    expect(figures.recallAtK).toEqual({ 1: 0, 2: 1, 5: 1 });
    expect(figures.rPrecision).toBe(2 / 4);
    expect(figures.mapAtR).toBe((1 / 2 + 2 / 4) / 4);
  });

  it('gives 1 to a perfect ranking, and keeps k as the denominator where R is smaller', () => {
    const metrics = new RetrievalMetrics(options);
    metrics.add(block(5, [[6, 0, 1, 2, 3]]));
    const figures = metrics.overall();
    expect([figures.rPrecision, figures.mapAtR, figures.precisionAtK[1]]).toEqual([1, 1, 1]);
    expect(figures.precisionAtK[5]).toBe(1 / 5);
  });

  it('asks for as many neighbours as the largest class needs', () => {
    expect(new RetrievalMetrics({ ...options, ks: [1] }).neighboursNeeded).toBe(4);
    expect(new RetrievalMetrics({ ...options, ks: [1, 10] }).neighboursNeeded).toBe(10);
  });

  it('counts the item itself as relevant when the gallery is another set', () => {
    const metrics = new RetrievalMetrics({ ...options, galleryLabels: Int32Array.of(2, 1, 2), ks: [1] });
    metrics.add(block(7, [[0, 2]]));
    expect(metrics.overall()).toMatchObject({ queries: 1, rPrecision: 1 });
  });

  it('leaves queries without a second item of their class out of every mean and counts them', () => {
    const metrics = new RetrievalMetrics(options);
    metrics.add(block(6, [[5, 0, 1, 2, 3]]));
    metrics.add(block(7, [[0, 1, 2, 3, 4]]));
    expect(metrics.overall()).toMatchObject({ queries: 1, leftOut: 1, rPrecision: 1 });
    expect(metrics.perClass()[2]).toEqual({
      queries: 0,
      leftOut: 1,
      precisionAtK: { 1: null, 2: null, 5: null },
      recallAtK: { 1: null, 2: null, 5: null },
      rPrecision: null,
      mapAtR: null,
    });
  });

  it('stops at the end of a gallery smaller than k', () => {
    const metrics = new RetrievalMetrics({ queryLabels: Int32Array.of(0, 0), classCount: 1, ks: [1, 4] });
    metrics.add(block(0, [[1, -1, -1, -1]]));
    expect(metrics.overall().precisionAtK).toEqual({ 1: 1, 4: 1 / 4 });
  });

  it('weighs every query alike, so that the overall figure is not the mean of the class figures', () => {
    const metrics = new RetrievalMetrics({ ...options, ks: [1] });
    metrics.add(
      block(0, [
        [5, 6, 7, 1],
        [5, 6, 7, 0],
        [5, 6, 7, 0],
      ]),
    );
    metrics.add(block(5, [[6, 0, 1, 2]]));
    expect(metrics.overall().precisionAtK[1]).toBe(1 / 4);
    expect(metrics.perClass().map((figures) => figures.precisionAtK[1])).toEqual([0, 1, null]);
  });
});
