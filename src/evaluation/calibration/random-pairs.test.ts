import { describe, expect, it } from 'vitest';
import { clusteredEmbeddings } from '../../../test/fixtures/clustered-embeddings.js';
import { randomPairs } from './random-pairs.js';
import { baseRate, sameCount } from './scored-pairs.js';

const options = { dimension: 8, clusterBy: 'images' } as const;

describe('randomPairs', () => {
  it('takes all pairs of a small set, each once', () => {
    const set = clusteredEmbeddings({ classes: 4, perClass: 3 });
    const pairs = randomPairs(set, options);
    expect(pairs.scores).toHaveLength((12 * 11) / 2);
    expect(sameCount(pairs)).toBe(4 * 3);
    for (const weight of pairs.weights) expect(weight).toBeCloseTo(1, 12);
    let sum = 0;
    for (let a = 0; a < 12; a++)
      for (let b = 0; b < a; b++)
        for (let d = 0; d < 8; d++) sum += set.embeddings[a * 8 + d] * set.embeddings[b * 8 + d];
    expect(pairs.scores.reduce((total, score) => total + score, 0)).toBeCloseTo(sum, 6);
  });

  it('has enough pairs of one class among thousands, and the base rate of all pairs', () => {
    const set = clusteredEmbeddings({ classes: 2000, perClass: 4 });
    const pairs = randomPairs(set, { ...options, mostPerKind: 1000 });
    expect(sameCount(pairs)).toBe(1000);
    expect(pairs.scores).toHaveLength(2000);
    expect(baseRate(pairs)).toBeCloseTo(3 / 7999, 12);
    expect(pairs.weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(2000, 6);
  });

  it('draws classes by their share of the pairs', () => {
    // 45 pairs of the first class, 1 of each of nine others.
    const labels = Int32Array.from({ length: 28 }, (_, i) => (i < 10 ? 0 : 1 + Math.floor((i - 10) / 2)));
    const { embeddings } = clusteredEmbeddings({ classes: 28, perClass: 1 });
    const set = { embeddings, labels, classNames: [] };
    let ofTheFirst = 0;
    for (let seed = 0; seed < 60; seed++) {
      const pairs = randomPairs(set, { dimension: 8, clusterBy: 'classes', mostPerKind: 12, seed });
      pairs.same.forEach((same, i) => {
        if (same && pairs.clusters[i] === 0) ofTheFirst++;
      });
    }
    expect(ofTheFirst / (60 * 12)).toBeGreaterThan(0.75);
    expect(ofTheFirst / (60 * 12)).toBeLessThan(0.9);
  });
});
