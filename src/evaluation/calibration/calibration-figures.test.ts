import { describe, expect, it } from 'vitest';
import { listedPairs } from '../../../test/fixtures/scored-pairs.js';
import { calibrationFigures } from './calibration-figures.js';
import type { IsotonicMap } from './probability-map.js';

/** A score is its own probability. */
const identity: IsotonicMap = {
  method: 'isotonic',
  knots: [
    [0, 0],
    [1, 1],
  ],
};

describe('calibrationFigures', () => {
  it('works out two bins by hand', () => {
    const figures = calibrationFigures(
      identity,
      listedPairs([
        [0.2, 0],
        [0.4, 1],
        [0.8, 1],
        [0.9, 1],
      ]),
      { bins: 2 },
    );
    // Promised 0.3 and 0.85, came 0.5 and 1: ½·0.2 + ½·0.15.
    expect(figures.ece).toBeCloseTo(0.175, 12);
    expect(figures.reliability).toEqual([
      { probability: expect.closeTo(0.3, 12), same: 0.5, pairs: 2 },
      { probability: expect.closeTo(0.85, 12), same: 1, pairs: 2 },
    ]);
    expect(figures.brier).toBeCloseTo((0.04 + 0.36 + 0.04 + 0.01) / 4, 12);
    expect(figures.logLoss).toBeCloseTo(-Math.log(0.8 * 0.4 * 0.8 * 0.9) / 4, 12);
    expect(figures.baseRate).toBe(0.75);
  });

  it('never parts pairs of one probability, and gives fewer bins then', () => {
    const list = Array.from({ length: 10 }, (_, i) => [0.5, (i % 2) as 0 | 1] as const);
    const { reliability, ece } = calibrationFigures(identity, listedPairs(list), { bins: 5 });
    expect(reliability).toEqual([{ probability: 0.5, same: 0.5, pairs: 10 }]);
    expect(ece).toBe(0);
  });

  it('weighs pairs by what they stand for', () => {
    const pairs = {
      ...listedPairs([
        [0.5, 1],
        [0.5, 0],
      ]),
      weights: Float64Array.of(0.2, 1.8),
    };
    const { ece, baseRate } = calibrationFigures(identity, pairs);
    expect(baseRate).toBeCloseTo(0.1, 12);
    expect(ece).toBeCloseTo(0.4, 12);
  });

  it('keeps the log loss finite where a map is certain and wrong', () => {
    const { logLoss, brier } = calibrationFigures(identity, listedPairs([[1, 0]]));
    expect(Number.isFinite(logLoss)).toBe(true);
    expect(logLoss).toBeGreaterThan(30);
    expect(brier).toBe(1);
  });
});
