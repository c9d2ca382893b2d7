import { describe, expect, it } from 'vitest';
import { MetricColumns, type QueryMetrics } from './metric-columns.js';

/** The metrics of one query whose R positives have these ranks. */
function metricsOf(ranks: readonly number[], ks: readonly number[] = [1, 2, 5]): QueryMetrics<number> {
  const columns = new MetricColumns(ks);
  const values = new Float64Array(columns.count + 1);
  columns.write(Int32Array.from(ranks), values, 1);
  return columns.named((column) => values[column + 1]);
}

describe('MetricColumns', () => {
  it('works the formulas out for one query as by hand', () => {
    // rel = 0 1 0 1 1 0 0 1, so R = 4
    const metrics = metricsOf([2, 4, 5, 8]);
    expect(metrics.precisionAtK).toEqual({ 1: 0, 2: 1 / 2, 5: 3 / 5 });
    expect([metrics.precisionAt1, metrics.precisionAt10]).toEqual([0, 4 / 10]);
    expect(metrics.recallAtK).toEqual({ 1: 0, 2: 1, 5: 1 });
    expect(metrics.rPrecision).toBe(2 / 4);
    expect(metrics.mapAtR).toBe((1 / 2 + 2 / 4) / 4);
    expect(metrics.map).toBe((1 / 2 + 2 / 4 + 3 / 5 + 4 / 8) / 4);
    expect(metrics.mrr).toBe(1 / 2);
    const log2 = Math.log2;
    expect(metrics.ndcgAtK[1]).toBe(0);
    expect(metrics.ndcgAtK[2]).toBeCloseTo(1 / log2(3) / (1 + 1 / log2(3)), 12);
    expect(metrics.ndcgAtK[5]).toBeCloseTo(
      (1 / log2(3) + 1 / log2(5) + 1 / log2(6)) / (1 + 1 / log2(3) + 1 / log2(4) + 1 / log2(5)),
      12,
    );
  });

  // pytorch-metric-learning's AccuracyCalculator takes the R nearest references of a query, the query itself not among
  // them, R being how many references share its label; r_precision is the share of those R that share its label, and
  // mean_average_precision_at_r the sum over them, where the label is shared, of the precision up to there, divided by R.
  // Three queries, worked out by those words: rel within R = (1 1 0 | R 3), (1 0 1 1 | R 4), (0 | R 1).
  it.each([
    [[1, 2, 9], 2 / 3, (1 / 1 + 2 / 2) / 3],
    [[1, 3, 4, 6], 3 / 4, (1 / 1 + 2 / 3 + 3 / 4) / 4],
    [[2], 0, 0],
  ])(
    'agrees with pytorch-metric-learning on R-precision and MAP@R for ranks %j',
    (ranks, rPrecision, mapAtR) => {
      const metrics = metricsOf(ranks);
      expect(metrics.rPrecision).toBeCloseTo(rPrecision, 12);
      expect(metrics.mapAtR).toBeCloseTo(mapAtR, 12);
    },
  );

  it('gives 1 to a perfect ranking, and keeps k as the denominator of precision where R is smaller', () => {
    const metrics = metricsOf([1, 2]);
    for (const figure of ['rPrecision', 'mapAtR', 'map', 'mrr', 'precisionAt1'] as const)
      expect(metrics[figure]).toBe(1);
    expect(metrics.ndcgAtK).toEqual({ 1: 1, 2: 1, 5: 1 });
    expect(metrics.precisionAtK[5]).toBe(2 / 5);
  });

  it('tells rankings apart that MAP@R does not: what lies past R counts in MAP alone', () => {
    const [sooner, later] = [metricsOf([3, 4]), metricsOf([10, 100])];
    expect([sooner.mapAtR, later.mapAtR]).toEqual([0, 0]);
    expect(sooner.map).toBe((1 / 3 + 2 / 4) / 2);
    expect(later.map).toBe((1 / 10 + 2 / 100) / 2);
  });

  it('takes any k, in any number', () => {
    expect(metricsOf([7], []).recallAtK).toEqual({});
    expect(metricsOf([7], [1000]).ndcgAtK[1000]).toBeCloseTo(1 / 3, 12);
  });
});
