import { describe, expect, it } from 'vitest';
import { type IsotonicMap, type LogisticMap, probabilityOf } from './probability-map.js';

const isotonic: IsotonicMap = {
  method: 'isotonic',
  knots: [
    [0, 0.1],
    [0.5, 0.1],
    [0.7, 0.5],
    [0.9, 0.9],
  ],
};

describe('an isotonic map', () => {
  it('is a straight line between knots and constant beyond them', () => {
    expect(probabilityOf(isotonic, 0.6)).toBeCloseTo(0.3, 12);
    expect(probabilityOf(isotonic, 0.8)).toBeCloseTo(0.7, 12);
    expect(probabilityOf(isotonic, 0.25)).toBe(0.1);
    expect(probabilityOf(isotonic, -1)).toBe(0.1);
    expect(probabilityOf(isotonic, 1.0000001)).toBe(0.9);
  });

  it('goes through its knots', () => {
    for (const [score, probability] of isotonic.knots)
      expect(probabilityOf(isotonic, score)).toBe(probability);
  });

  it('of one knot is constant', () => {
    const flat: IsotonicMap = { method: 'isotonic', knots: [[0.5, 0.3]] };
    expect([-1, 0.5, 1].map((score) => probabilityOf(flat, score))).toEqual([0.3, 0.3, 0.3]);
  });

  it('gives no probability for what is no score', () => {
    expect(probabilityOf(isotonic, Number.NaN)).toBeNaN();
  });
});

describe('a logistic map', () => {
  const logistic: LogisticMap = { method: 'logistic', slope: 4, intercept: -2 };

  it('is 1 / (1 + exp(−(slope · score + intercept)))', () => {
    expect(probabilityOf(logistic, 0.5)).toBe(0.5);
    expect(probabilityOf(logistic, 1)).toBeCloseTo(1 / (1 + Math.exp(-2)), 15);
  });

  it('overflows at neither end', () => {
    const steep: LogisticMap = { method: 'logistic', slope: 1e6, intercept: 0 };
    expect(probabilityOf(steep, 1)).toBe(1);
    expect(probabilityOf(steep, -1)).toBe(0);
  });
});
