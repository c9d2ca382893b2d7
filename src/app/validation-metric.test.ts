import { describe, expect, it } from 'vitest';
import type { Evaluation } from '../evaluation/evaluation.js';
import { metricDefinitions } from '../evaluation/metric-definitions.js';
import { validationMetric } from './validation-metric.js';

const evaluation = {
  queries: 3,
  precisionAt1: 0.1,
  mapAtR: 0.2,
  knnAccuracy: null,
  recallAtK: { 1: 0.3, 7: 0.4 },
} as unknown as Evaluation;

describe('validationMetric', () => {
  it('is any figure of an evaluation, those by k with their k', () => {
    expect(validationMetric('precisionAt1').valueIn(evaluation)).toBe(0.1);
    expect(validationMetric('mapAtR').valueIn(evaluation)).toBe(0.2);
    expect(validationMetric('recallAt7').valueIn(evaluation)).toBe(0.4);
    expect(validationMetric('recallAt7').ks).toEqual([7]);
    for (const name of Object.keys(metricDefinitions).filter((key) => !key.endsWith('AtK')))
      expect(validationMetric(name).name).toBe(name);
  });

  it.each(['recallAtK', 'recallAt0', 'recallAt', 'queries', 'toString', ''])('is not %j', (name) => {
    expect(() => validationMetric(name)).toThrow(/expected a metric: precisionAt1, .*, recallAt5, .*got/);
  });

  it('says so where there is no value', () => {
    expect(() => validationMetric('knnAccuracy').valueIn(evaluation)).toThrow(/got knnAccuracy, without one/);
  });
});
