import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  auroc,
  calibrationFigures,
  fitIsotonic,
  fitLogistic,
  fitMap,
  poolAdjacentViolators,
  probabilityOf,
  type ScoredPairs,
  thresholdFor,
} from '../../src/evaluation/calibration/index.js';
import { scoredPairs } from '../fixtures/scored-pairs.js';
import { naiveAuroc, naiveIsotonic, plattLoss, squaredError } from './calibration.js';

/** Few different scores, so that ties are frequent; weights far apart. */
const points = (maxLength: number) =>
  fc.array(
    fc.record({
      x: fc.integer({ min: -5, max: 5 }).map((value) => value / 5),
      y: fc.integer({ min: 0, max: 1 }),
      w: fc.constantFrom(0.25, 1, 3),
    }),
    { minLength: 1, maxLength },
  );

const pairsOf = (items: readonly { x: number; y: number; w: number }[]): ScoredPairs => {
  const total = items.reduce((sum, { w }) => sum + w, 0);
  return {
    scores: Float64Array.from(items, ({ x }) => x),
    same: Uint8Array.from(items, ({ y }) => y),
    weights: Float64Array.from(items, ({ w }) => (w * items.length) / total),
    clusters: Int32Array.from(items.keys()),
    partners: Int32Array.from(items.keys()),
  };
};

const bothKinds = (items: readonly { y: number }[]) => new Set(items.map(({ y }) => y)).size === 2;
const grid = Array.from({ length: 61 }, (_, i) => -1.5 + i / 20);

describe('pooling adjacent violators', () => {
  it('gives what the min-max formula gives', () => {
    fc.assert(
      fc.property(points(14), (items) => {
        const [x, y, w] = [items.map((p) => p.x), items.map((p) => p.y), items.map((p) => p.w)];
        const blocks = poolAdjacentViolators(x, y, w);
        const fitted = x.map((at) => blocks.find(({ low, high }) => low <= at && at <= high)!.mean);
        naiveIsotonic(x, y, w).forEach((value, i) => {
          expect(fitted[i]).toBeCloseTo(value, 12);
        });
      }),
    );
  });

  it('has no more squared error than any rising step function on a grid', () => {
    const values = [0, 0.25, 0.5, 0.75, 1];
    fc.assert(
      fc.property(points(6), (items) => {
        const [x, y, w] = [items.map((p) => p.x), items.map((p) => p.y), items.map((p) => p.w)];
        const distinct = [...new Set(x)].sort((a, b) => a - b);
        const blocks = poolAdjacentViolators(x, y, w);
        const fitted = x.map((at) => blocks.find(({ low, high }) => low <= at && at <= high)!.mean);
        const least = squaredError(y, fitted, w);
        const tryAll = (steps: readonly number[]) => {
          if (steps.length === distinct.length) {
            const f = x.map((at) => steps[distinct.indexOf(at)]);
            expect(squaredError(y, f, w)).toBeGreaterThanOrEqual(least - 1e-12);
            return;
          }
          for (const value of values) if (value >= (steps.at(-1) ?? 0)) tryAll([...steps, value]);
        };
        tryAll([]);
      }),
      { numRuns: 30 },
    );
  });
});

describe('a fitted map', () => {
  it.each(['isotonic', 'logistic'] as const)('%s never falls and stays within [0, 1]', (method) => {
    fc.assert(
      fc.property(points(40), (items) => {
        const map = fitMap(method, pairsOf(items));
        let before = 0;
        for (const score of grid) {
          const p = probabilityOf(map, score);
          expect(p).toBeGreaterThanOrEqual(before);
          expect(p).toBeLessThanOrEqual(1);
          before = p;
        }
      }),
    );
  });

  it.each(['isotonic', 'logistic'] as const)('%s does not depend on the order of the pairs', (method) => {
    fc.assert(
      fc.property(points(40).filter(bothKinds), fc.infiniteStream(fc.nat()), (items, keys) => {
        const moved = items
          .map((item) => ({ item, key: keys.next().value as number }))
          .sort((a, b) => a.key - b.key)
          .map(({ item }) => item);
        const [map, again] = [fitMap(method, pairsOf(items)), fitMap(method, pairsOf(moved))];
        for (const score of grid)
          expect(probabilityOf(again, score)).toBeCloseTo(probabilityOf(map, score), 6);
        const figures = [items, moved].map((set) => calibrationFigures(map, pairsOf(set), { bins: 4 }));
        expect(figures[1].ece).toBeCloseTo(figures[0].ece, 12);
        expect(figures[1].logLoss).toBeCloseTo(figures[0].logLoss, 12);
        expect(figures[1].brier).toBeCloseTo(figures[0].brier, 12);
      }),
    );
  });

  it('promises neither 0 nor 1 where both kinds were seen', () => {
    fc.assert(
      fc.property(points(40).filter(bothKinds), (items) => {
        const map = fitIsotonic(pairsOf(items));
        for (const score of grid) {
          expect(probabilityOf(map, score)).toBeGreaterThan(0);
          expect(probabilityOf(map, score)).toBeLessThan(1);
        }
      }),
    );
  });
});

describe('the logistic fit', () => {
  const unweighted = points(40).map((items) => items.map((item) => ({ ...item, w: 1 })));

  it('stands where the gradient of the loss is zero, by central differences', () => {
    let checked = 0;
    fc.assert(
      fc.property(unweighted.filter(bothKinds), (items) => {
        const [scores, same] = [items.map(({ x }) => x), items.map(({ y }) => y)];
        const { slope, intercept } = fitLogistic(pairsOf(items));
        if (slope === 0) return;
        checked++;
        const h = 1e-5;
        const bySlope =
          (plattLoss(slope + h, intercept, scores, same) - plattLoss(slope - h, intercept, scores, same)) /
          (2 * h);
        const byIntercept =
          (plattLoss(slope, intercept + h, scores, same) - plattLoss(slope, intercept - h, scores, same)) /
          (2 * h);
        expect(Math.abs(bySlope)).toBeLessThan(1e-6);
        expect(Math.abs(byIntercept)).toBeLessThan(1e-6);
      }),
    );
    expect(checked).toBeGreaterThan(20);
  });

  it('has a slope of 0 only where no rising curve has less loss', () => {
    fc.assert(
      fc.property(unweighted.filter(bothKinds), (items) => {
        const [scores, same] = [items.map(({ x }) => x), items.map(({ y }) => y)];
        const { slope, intercept } = fitLogistic(pairsOf(items));
        const least = plattLoss(slope, intercept, scores, same);
        for (const a of [0, 0.5, 1, 2, 5])
          for (const b of [-3, -1, 0, 1, 3])
            expect(plattLoss(a, b, scores, same)).toBeGreaterThanOrEqual(least - 1e-9);
      }),
    );
  });
});

describe('AUROC', () => {
  it('is what counting every pair gives', () => {
    const scores = fc.array(
      fc.integer({ min: 0, max: 6 }).map((value) => value / 7),
      { minLength: 1, maxLength: 25 },
    );
    fc.assert(
      fc.property(scores, scores, (positive, negative) => {
        expect(auroc(Float64Array.from(positive), Float64Array.from(negative))).toBeCloseTo(
          naiveAuroc(positive, negative),
          12,
        );
      }),
    );
  });
});

describe('thresholds', () => {
  const value = fc.integer({ min: 0, max: 20 }).map((n) => n / 20);

  it('keep what they promise on the pairs they were chosen on', () => {
    fc.assert(
      fc.property(points(40), value, (items, target) => {
        const pairs = pairsOf(items);
        const precisionFrom = (score: number) => {
          const taken = items.filter(({ x }) => x >= score);
          return taken.reduce((sum, { y, w }) => sum + y * w, 0) / taken.reduce((sum, { w }) => sum + w, 0);
        };
        const score = thresholdFor({ figure: 'precision', value: target }, pairs);
        if (score !== null) expect(precisionFrom(score)).toBeGreaterThanOrEqual(target - 1e-9);
        else for (const { x } of items) expect(precisionFrom(x)).toBeLessThan(target);

        const shareFrom = (kind: number, at: number) => {
          const those = items.filter(({ y }) => y === kind);
          const total = those.reduce((sum, { w }) => sum + w, 0);
          return those.filter(({ x }) => x >= at).reduce((sum, { w }) => sum + w, 0) / total;
        };
        const recall = thresholdFor({ figure: 'recall', value: target }, pairs);
        if (recall !== null) expect(shareFrom(1, recall)).toBeGreaterThanOrEqual(target - 1e-6);
        const rate = thresholdFor({ figure: 'falseMatchRate', value: target }, pairs);
        if (rate !== null) expect(shareFrom(0, rate)).toBeLessThanOrEqual(target + 1e-6);
      }),
    );
  });

  it('are above a score of 0 by more than a model that ran before rounds to 0', () => {
    const pairs = pairsOf([{ x: 0, y: 0, w: 1 }]);
    expect(thresholdFor({ figure: 'falseMatchRate', value: 0 }, pairs)).toBe(2 ** -1022);
  });

  it('rise with the precision asked for', () => {
    fc.assert(
      fc.property(points(40), value, value, (items, a, b) => {
        const pairs = pairsOf(items);
        const [low, high] = [Math.min(a, b), Math.max(a, b)].map((target) =>
          thresholdFor({ figure: 'precision', value: target }, pairs),
        );
        if (high !== null) expect(low).not.toBeNull();
        if (low !== null && high !== null) expect(low).toBeLessThanOrEqual(high);
      }),
    );
  });
});

describe('calibration of pairs drawn from a known curve', () => {
  const curve = (score: number) => 1 / (1 + Math.exp(-(8 * score - 4)));

  it.each(['isotonic', 'logistic'] as const)('%s finds the curve again', (method) => {
    const map = fitMap(method, scoredPairs({ count: 20_000, probability: curve, seed: 1 }));
    for (const score of [0.1, 0.3, 0.5, 0.7, 0.9])
      expect(Math.abs(probabilityOf(map, score) - curve(score))).toBeLessThan(0.04);
    const { ece } = calibrationFigures(map, scoredPairs({ count: 20_000, probability: curve, seed: 2 }));
    expect(ece).toBeLessThan(0.02);
  });

  it('shows a map that promises too much by its error', () => {
    const boastful = { method: 'logistic', slope: 8, intercept: -2 } as const;
    const pairs = scoredPairs({ count: 20_000, probability: curve, seed: 3 });
    expect(calibrationFigures(boastful, pairs).ece).toBeGreaterThan(0.1);
  });
});
