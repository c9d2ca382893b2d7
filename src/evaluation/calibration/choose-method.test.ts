import { describe, expect, it } from 'vitest';
import { listedPairs, scoredPairs } from '../../../test/fixtures/scored-pairs.js';
import { chooseMethod } from './choose-method.js';

describe('chooseMethod', () => {
  it('takes isotonic where the curve is no logistic one', () => {
    // Flat, then a step, then falling: the most alike are of different classes.
    const curve = (score: number) => (score < 0.6 ? 0.1 : score < 0.9 ? 0.8 : 0.5);
    const { method, logLoss } = chooseMethod(scoredPairs({ count: 5000, probability: curve }));
    expect(method).toBe('isotonic');
    expect(logLoss!.isotonic).toBeLessThan(logLoss!.logistic);
  });

  it('takes logistic where few pairs of a logistic curve are all there is', () => {
    const curve = (score: number) => 1 / (1 + Math.exp(-(6 * score - 3)));
    const chosen = Array.from({ length: 20 }, (_, seed) =>
      chooseMethod(scoredPairs({ count: 60, probability: curve, seed, perCluster: 1 })),
    );
    const worse = chosen.filter(({ logLoss }) => logLoss!.isotonic > logLoss!.logistic).length;
    expect(worse).toBeGreaterThan(10);
    expect(chosen.filter(({ method }) => method === 'logistic').length).toBeGreaterThan(5);
  });

  it('gives the same each time', () => {
    const pairs = scoredPairs({ count: 500, probability: (score) => score });
    expect(chooseMethod(pairs)).toEqual(chooseMethod(pairs));
  });

  it('has nothing to choose by in one cluster, or where a fold leaves pairs of one kind', () => {
    const pairs = scoredPairs({ count: 100, probability: (score) => score, perCluster: 100 });
    expect(chooseMethod(pairs)).toEqual({ method: 'logistic', logLoss: null });
    const lone = listedPairs(Array.from({ length: 10 }, (_, i) => [i / 10, i === 9 ? 1 : 0] as const));
    expect(chooseMethod(lone)).toEqual({ method: 'logistic', logLoss: null });
  });
});
