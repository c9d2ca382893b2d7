import { describe, expect, it } from 'vitest';
import { listedPairs } from '../../../test/fixtures/scored-pairs.js';
import { fitLogistic } from './logistic-fit.js';
import { probabilityOf } from './probability-map.js';

describe('fitLogistic', () => {
  it('meets the targets of two scores exactly: each kind at one score', () => {
    // Platt's targets: (2 + 1)/(2 + 2) = 3/4 for the two of one class, 1/(2 + 2) = 1/4 for the others.
    const map = fitLogistic(
      listedPairs([
        [0, 0],
        [0, 0],
        [1, 1],
        [1, 1],
      ]),
    );
    expect(probabilityOf(map, 0)).toBeCloseTo(0.25, 9);
    expect(probabilityOf(map, 1)).toBeCloseTo(0.75, 9);
    expect(map.slope).toBeCloseTo(2 * Math.log(3), 8);
    expect(map.intercept).toBeCloseTo(-Math.log(3), 8);
  });

  it('stays finite where a score parts the kinds without error', () => {
    const list = Array.from({ length: 50 }, (_, i) => [i / 50, i < 25 ? 0 : 1] as const);
    const map = fitLogistic(listedPairs(list));
    expect(Number.isFinite(map.slope) && Number.isFinite(map.intercept)).toBe(true);
    expect(probabilityOf(map, 0.1)).toBeLessThan(0.1);
    expect(probabilityOf(map, 0.9)).toBeGreaterThan(0.9);
  });

  it('is the same curve for scores on another scale', () => {
    const list = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6].map((score, i) => [score, (i % 3 ? 1 : 0) as 0 | 1] as const);
    const map = fitLogistic(listedPairs(list));
    const moved = fitLogistic(
      listedPairs(list.map(([score, same]) => [0.999 + score * 1e-4, same] as const)),
    );
    for (const [score] of list)
      expect(probabilityOf(moved, 0.999 + score * 1e-4)).toBeCloseTo(probabilityOf(map, score), 6);
  });

  it('is constant where all scores are equal, and where scores fall as likeness rises', () => {
    const equal = fitLogistic(
      listedPairs([
        [0.5, 0],
        [0.5, 1],
      ]),
    );
    expect(equal).toEqual({ method: 'logistic', slope: 0, intercept: 0 });
    const fallen = fitLogistic(
      listedPairs([
        [0.1, 1],
        [0.9, 0],
        [0.8, 0],
      ]),
    );
    expect(fallen.slope).toBe(0);
    // Targets 2/3 and 1/4, 1/4: their mean.
    expect(probabilityOf(fallen, 0.5)).toBeCloseTo((2 / 3 + 1 / 4 + 1 / 4) / 3, 12);
  });
});
