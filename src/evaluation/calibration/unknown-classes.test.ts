import { describe, expect, it } from 'vitest';
import { clusteredEmbeddings } from '../../../test/fixtures/clustered-embeddings.js';
import { auroc, shareFrom, unknownClassFigures, unknownClassScores } from './unknown-classes.js';

describe('unknownClassFigures', () => {
  const counts = { knownClasses: 2, withheldClasses: 1 };

  it('works out a case by hand', () => {
    const known = Float64Array.from({ length: 20 }, (_, i) => 0.5 + i / 40);
    const unknown = Float64Array.of(0.2, 0.5, 0.525, 0.9);
    const figures = unknownClassFigures({ known, unknown, ...counts });
    // 19 of 20 known ones are at least 0.525; so are two of four unknown ones.
    expect(figures).toMatchObject({ scoreAt95: 0.525, falsePositiveRateAt95: 0.5, knownQueries: 20 });
    // Wins: 20 over 0.2; 19½ over 0.5; 18½ over 0.525; those above 0.9: 0.925 to 0.975, and half of 0.9.
    expect(figures.auroc).toBeCloseTo((20 + 19.5 + 18.5 + 3.5) / 80, 12);
  });

  it('is 1 where scores part known from unknown, and ½ where all are equal', () => {
    expect(auroc(Float64Array.of(0.8, 0.9), Float64Array.of(0.1))).toBe(1);
    expect(auroc(Float64Array.of(0.1), Float64Array.of(0.8, 0.9))).toBe(0);
    expect(auroc(new Float64Array(5).fill(0.3), new Float64Array(3).fill(0.3))).toBe(0.5);
    expect(shareFrom(Float64Array.of(0.1, 0.2, 0.3), 0.2)).toBeCloseTo(2 / 3, 12);
  });
});

describe('unknownClassScores', () => {
  const options = { dimension: 8, threads: 1 };

  it('withholds a share of the classes, and finds their images less alike to what is left', async () => {
    const set = clusteredEmbeddings({ classes: 20, perClass: 6, noise: 0.05 });
    const scores = (await unknownClassScores(set, options))!;
    expect(scores).toMatchObject({ knownClasses: 14, withheldClasses: 6 });
    expect(scores.known).toHaveLength(14 * 6);
    expect(scores.unknown).toHaveLength(6 * 6);
    expect(unknownClassFigures(scores).auroc).toBeGreaterThan(0.95);
  });

  it('leaves out known queries that are alone in their class', async () => {
    const { embeddings } = clusteredEmbeddings({ classes: 9, perClass: 1 });
    // Four pairs and a lone one.
    const set = { embeddings, labels: Int32Array.of(0, 0, 1, 1, 2, 2, 3, 3, 4), classNames: [] };
    for (let seed = 0; seed < 8; seed++) {
      const scores = (await unknownClassScores(set, { ...options, withheldShare: 0.2, seed }))!;
      expect(scores.known).toHaveLength(scores.unknown.length === 1 ? 8 : 6);
    }
  });

  it('has nothing to withhold of one class', async () => {
    expect(await unknownClassScores(clusteredEmbeddings({ classes: 1, perClass: 5 }), options)).toBeNull();
  });
});
