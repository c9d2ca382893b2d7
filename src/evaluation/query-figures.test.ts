import { describe, expect, it } from 'vitest';
import { MetricColumns } from './metric-columns.js';
import { classMeans, macroMeans, microMeans, queryFigures } from './query-figures.js';

const ks = [1];
const columns = new MetricColumns(ks);

/** Figures of queries whose first positives have these ranks; none: the query is left out. */
function figuresOf(firstRanks: readonly (number | null)[], labels: readonly number[]) {
  const values = new Float64Array(firstRanks.length * columns.count).fill(Number.NaN);
  firstRanks.forEach((rank, query) => {
    if (rank !== null) columns.write(Int32Array.of(rank), values, query * columns.count);
  });
  return queryFigures(values, Int32Array.from(labels), ks, null);
}

describe('query figures', () => {
  const figures = figuresOf([1, 2, 2, null, 1], [0, 0, 0, 2, 3]);

  it('leave out queries that have nothing to find', () => {
    expect([...figures.queries]).toEqual([0, 1, 2, 4]);
    expect([...figures.labels]).toEqual([0, 0, 0, 3]);
    expect(figures.values).toHaveLength(4 * columns.count);
  });

  it('have means over queries, in which every query weighs alike', () => {
    expect(microMeans(figures).mrr).toBe((1 + 1 / 2 + 1 / 2 + 1) / 4);
  });

  it('have means over classes, in which every class weighs alike', () => {
    expect(classMeans(figures, 4).map(({ mrr }) => mrr)).toEqual([expect.closeTo(2 / 3, 12), null, null, 1]);
    expect(macroMeans(figures, 4).mrr).toBeCloseTo((2 / 3 + 1) / 2, 12);
  });

  it('have no means where there is no query', () => {
    const none = figuresOf([null], [0]);
    expect(microMeans(none).mrr).toBeNull();
    expect(macroMeans(none, 1).recallAtK).toEqual({ 1: null });
  });
});
