import { describe, expect, it } from 'vitest';
import { listedPairs, scoredPairs } from '../../../test/fixtures/scored-pairs.js';
import {
  assuredThreshold,
  figuresAt,
  highestPrecision,
  holds,
  type ThresholdFigures,
  thresholdFor,
} from './thresholds.js';

// From the top: right, right, wrong, right, wrong, wrong.
const pairs = listedPairs([
  [0.9, 1],
  [0.8, 1],
  [0.7, 0],
  [0.6, 1],
  [0.5, 0],
  [0.4, 0],
]);

describe('thresholdFor', () => {
  it('of a precision is the lowest beginning of a block that reaches it', () => {
    // Blocks: 0.4 to 0.5 → 0, 0.6 to 0.7 → 1/2, 0.8 to 0.9 → 1. From 0.6 on 3 of 4 are right.
    const at = (value: number) => thresholdFor({ figure: 'precision', value }, pairs);
    expect(at(0.5)).toBe(0.4);
    expect(at(0.75)).toBe(0.6);
    expect(at(0.76)).toBe(0.8);
    expect(at(1)).toBe(0.8);
  });

  it('of a precision is none where the most alike are of different classes', () => {
    const fooled = listedPairs([
      [0.9, 0],
      [0.8, 1],
      [0.7, 1],
      [0.6, 0],
    ]);
    // At best 2 of 3, from 0.7 on.
    expect(thresholdFor({ figure: 'precision', value: 0.66 }, fooled)).toBe(0.7);
    expect(thresholdFor({ figure: 'precision', value: 0.67 }, fooled)).toBeNull();
    expect(highestPrecision(fooled)).toEqual({ score: 0.7, precision: expect.closeTo(2 / 3, 12) });
  });

  it('of a recall is the highest score that keeps as many', () => {
    const at = (value: number) => thresholdFor({ figure: 'recall', value }, pairs);
    expect(at(1)).toBe(0.6);
    expect(at(2 / 3)).toBe(0.8);
    expect(at(0.5)).toBe(0.8);
    expect(at(0.1)).toBe(0.9);
    expect(thresholdFor({ figure: 'recall', value: 0.5 }, listedPairs([[0.5, 0]]))).toBeNull();
  });

  it('of a false match rate accepts no more than that share of the others', () => {
    const accepted = (value: number) => {
      const score = thresholdFor({ figure: 'falseMatchRate', value }, pairs)!;
      return [...pairs.scores].filter((s, i) => s >= score && !pairs.same[i]).length;
    };
    expect([1, 0.7, 2 / 3, 0.5, 1 / 3, 0.1, 0].map(accepted)).toEqual([3, 2, 2, 1, 1, 0, 0]);
    // As low as it may be: the right pair at 0.6 goes with it.
    expect(thresholdFor({ figure: 'falseMatchRate', value: 1 / 3 }, pairs)!).toBeLessThan(0.6);
  });
});

describe('figuresAt', () => {
  it('counts what is accepted', () => {
    const figures = figuresAt(0.6, pairs);
    expect(figures.accepted).toBeCloseTo(4 / 6, 12);
    expect(figures.precision!.value).toBe(0.75);
    expect(figures.recall!.value).toBe(1);
    expect(figures.falseMatchRate!.value).toBeCloseTo(1 / 3, 12);
  });

  it('has no precision where nothing is accepted', () => {
    const figures = figuresAt(0.95, pairs);
    expect(figures).toMatchObject({ accepted: 0, precision: null });
    expect(figures.recall!.value).toBe(0);
  });

  it('has wider intervals the more of the pairs stand and fall together', () => {
    const alone = scoredPairs({ count: 2000, probability: (score) => score, perCluster: 1 });
    // All pairs of one class in some clusters, all others in the rest.
    const order = [...alone.same.keys()].sort((a, b) => alone.same[a] - alone.same[b]);
    const clusters = new Int32Array(2000);
    order.forEach((pair, rank) => {
      clusters[pair] = Math.floor(rank / 20);
    });
    const width = ({ precision }: ThresholdFigures) => precision!.high - precision!.low;
    expect(width(figuresAt(0.5, { ...alone, clusters, partners: clusters }))).toBeGreaterThan(
      2 * width(figuresAt(0.5, alone)),
    );
  });
});

describe('assuredThreshold', () => {
  const some = scoredPairs({ count: 3000, probability: (score) => score });

  it.each([
    { figure: 'precision', value: 0.8 },
    { figure: 'recall', value: 0.7 },
    { figure: 'falseMatchRate', value: 0.1 },
  ] as const)('has the safe end of the interval of $figure at $value', (target) => {
    const { score, figures } = assuredThreshold(target, some)!;
    expect(figures).toEqual(figuresAt(score, some));
    const { low, high, value } = figures[target.figure]!;
    const spare = target.figure === 'falseMatchRate' ? target.value - high : low - target.value;
    expect(spare).toBeGreaterThanOrEqual(0);
    // And no further than the interval is wide.
    expect(Math.abs(value - target.value)).toBeLessThan(high - low);
  });

  it('is none where the pairs are too few to bear it out, though their share meets the target', () => {
    expect(thresholdFor({ figure: 'precision', value: 0.9 }, pairs)).toBe(0.8);
    expect(assuredThreshold({ figure: 'precision', value: 0.9 }, pairs)).toBeNull();
    expect(assuredThreshold({ figure: 'precision', value: 0.99 }, some)).toBeNull();
  });
});

describe('holds', () => {
  const at = (low: number, high: number): ThresholdFigures => {
    const estimate = { value: (low + high) / 2, low, high };
    return { accepted: 0.5, precision: estimate, recall: estimate, falseMatchRate: estimate };
  };

  it('is true within the interval and on the safe side of it', () => {
    const precision = { figure: 'precision', value: 0.9 } as const;
    expect(holds(precision, at(0.85, 0.92))).toBe(true);
    expect(holds(precision, at(0.95, 0.99))).toBe(true);
    expect(holds(precision, at(0.7, 0.89))).toBe(false);
    const rate = { figure: 'falseMatchRate', value: 0.01 } as const;
    expect(holds(rate, at(0.001, 0.005))).toBe(true);
    expect(holds(rate, at(0.02, 0.03))).toBe(false);
    expect(holds(precision, { ...at(0, 1), precision: null })).toBeNull();
  });
});
