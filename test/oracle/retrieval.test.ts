import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { confusionRows } from '../../src/evaluation/confusion-matrix.js';
import { embeddingSpread } from '../../src/evaluation/embedding-spread.js';
import { evaluateEmbeddings } from '../../src/evaluation/evaluate-embeddings.js';
import type { QueryMetrics } from '../../src/evaluation/metric-columns.js';
import {
  type NaiveFigures,
  type NaiveSet,
  naiveConfusion,
  naiveKnnAccuracy,
  naiveMeanPairwiseCosine,
  naiveRetrieval,
} from './retrieval.js';

const dimension = 3;

/** Small integer vectors: dot products are exact in float32, and ties, duplicates and lone classes are frequent. */
const tiedSet = (maxItems: number): fc.Arbitrary<NaiveSet> =>
  fc
    .array(
      fc.record({
        vector: fc.array(fc.integer({ min: -2, max: 2 }), { minLength: dimension, maxLength: dimension }),
        label: fc.integer({ min: 0, max: 4 }),
      }),
      { minLength: 1, maxLength: maxItems },
    )
    .map((items) => ({ vectors: items.map((item) => item.vector), labels: items.map((item) => item.label) }));

const classNames = ['a', 'b', 'c', 'd', 'e'];
const flat = (set: NaiveSet) => ({
  embeddings: Float32Array.from(set.vectors.flat()),
  labels: Int32Array.from(set.labels),
  classNames,
});
const hasPair = (set: NaiveSet) => new Set(set.labels).size < set.labels.length;

function expectClose(got: unknown, naive: unknown): void {
  if (typeof naive === 'number') expect(got).toBeCloseTo(naive, 10);
  else if (naive === null) expect(got).toBeNull();
  else
    for (const [key, value] of Object.entries(naive as object))
      expectClose((got as Record<string, unknown>)[key], value);
}

const ks = [1, 3, 10];

/** Everything that is a mean over queries. */
function expectFigures(got: QueryMetrics<number | null>, naive: NaiveFigures): void {
  const { queries, leftOut, ...means } = naive;
  expectClose(got, means);
  expectClose([got.precisionAt1, got.precisionAt10], [naive.precisionAtK[1], naive.precisionAtK[10]]);
}

describe('the streaming evaluation', () => {
  it('gives what the naive one gives on sets full of ties, duplicates and lone classes', async () => {
    await fc.assert(
      fc.asyncProperty(tiedSet(40).filter(hasPair), tiedSet(30), async (test, train) => {
        const got = await evaluateEmbeddings({
          test: flat(test),
          train: flat(train),
          dimension,
          ks,
          knnNeighbours: 5,
          bootstrap: 0,
        });
        const naive = naiveRetrieval(test, { ks });
        expect(got.queries).toBe(naive.queries);
        expect(got.leftOut).toBe(naive.leftOut);
        expectFigures(got, naive);
        const shared = test.labels.some((label) => train.labels.includes(label));
        expectClose(got.knnAccuracy, shared ? naiveKnnAccuracy(test, train, 5) : null);
        const perClass = classNames.map((_, c) => naiveRetrieval(test, { ks, onlyClass: c }));
        got.perClass.forEach((figures, c) => {
          expect(figures.images).toBe(perClass[c].queries + perClass[c].leftOut);
          expectFigures(figures, perClass[c]);
        });
        const tested = perClass.filter(({ queries }) => queries > 0);
        for (const figure of ['rPrecision', 'mapAtR', 'map', 'mrr'] as const)
          expectClose(
            got.macro[figure],
            tested.reduce((sum, figures) => sum + figures[figure]!, 0) / tested.length,
          );
        expect(confusionRows(got.confusion)).toEqual(naiveConfusion(test, classNames.length, 10));
        expect(confusionRows(got.confusionOfFirstTen)).toEqual(naiveConfusion(test, 5, 10, 10));
      }),
      { numRuns: 150 },
    );
  });

  it('gives what the naive one gives against a named gallery', async () => {
    const findable = (queries: NaiveSet, gallery: NaiveSet) =>
      queries.labels.some((label) => gallery.labels.includes(label));
    await fc.assert(
      fc.asyncProperty(tiedSet(20), tiedSet(40), async (queries, gallery) => {
        fc.pre(findable(queries, gallery));
        const naive = naiveRetrieval(queries, { gallery, ks });
        const got = await evaluateEmbeddings({
          test: flat(queries),
          gallery: flat(gallery),
          dimension,
          ks,
          bootstrap: 0,
        });
        expect(got).toMatchObject({ queries: naive.queries, leftOut: naive.leftOut });
        expectFigures(got, naive);
      }),
      { numRuns: 100 },
    );
  });
});

describe('embeddingSpread', () => {
  it('gives the mean cosine that comparing every pair gives', () => {
    const unitVector = fc
      .array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: dimension, maxLength: dimension })
      .filter((vector) => Math.hypot(...vector) > 1e-3)
      .map((vector) => vector.map((value) => Math.fround(value / Math.hypot(...vector))));
    fc.assert(
      fc.property(fc.array(unitVector, { minLength: 2, maxLength: 30 }), (vectors) => {
        const { meanPairwiseCosine } = embeddingSpread(Float32Array.from(vectors.flat()), dimension);
        expect(meanPairwiseCosine).toBeCloseTo(naiveMeanPairwiseCosine(vectors), 5);
      }),
    );
  });
});
