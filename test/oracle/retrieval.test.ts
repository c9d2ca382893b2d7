import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nearestNeighbours } from '../../src/engine/nearest-neighbours.js';
import { confusionRows } from '../../src/evaluation/confusion-matrix.js';
import { embeddingSpread } from '../../src/evaluation/embedding-spread.js';
import { evaluateEmbeddings } from '../../src/evaluation/evaluate-embeddings.js';
import { RetrievalMetrics } from '../../src/evaluation/retrieval-metrics.js';
import {
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

describe('the streaming evaluation', () => {
  it('gives what the naive one gives on sets full of ties, duplicates and lone classes', async () => {
    await fc.assert(
      fc.asyncProperty(tiedSet(40).filter(hasPair), tiedSet(30), async (test, train) => {
        const got = await evaluateEmbeddings({
          test: flat(test),
          train: flat(train),
          dimension,
          recallKs: [1, 3, 10],
          knnNeighbours: 5,
        });
        const naive = naiveRetrieval(test, { ks: [1, 3, 10] });
        expect(got.queries).toBe(naive.queries);
        expect(got.leftOut).toBe(naive.leftOut);
        expectClose(got.precisionAt1, naive.precisionAtK[1]);
        expectClose(got.precisionAt10, naive.precisionAtK[10]);
        expectClose(got.recallAtK, naive.recallAtK);
        expectClose(got.rPrecision, naive.rPrecision);
        expectClose(got.mapAtR, naive.mapAtR);
        const shared = test.labels.some((label) => train.labels.includes(label));
        expectClose(got.knnAccuracy, shared ? naiveKnnAccuracy(test, train, 5) : null);
        got.perClass.forEach((figures, c) => {
          const own = naiveRetrieval(test, { ks: [1, 10], onlyClass: c });
          expect(figures.images).toBe(own.queries + own.leftOut);
          expectClose(
            [figures.precisionAt1, figures.precisionAt10, figures.rPrecision, figures.mapAtR],
            [own.precisionAtK[1], own.precisionAtK[10], own.rPrecision, own.mapAtR],
          );
        });
        expect(confusionRows(got.confusion)).toEqual(naiveConfusion(test, classNames.length, 10));
        expect(confusionRows(got.confusionOfFirstTen)).toEqual(naiveConfusion(test, 5, 10, 10));
      }),
      { numRuns: 150 },
    );
  });

  it('gives what the naive one gives against a named gallery', async () => {
    await fc.assert(
      fc.asyncProperty(tiedSet(20), tiedSet(40), async (queries, gallery) => {
        const metrics = new RetrievalMetrics({
          queryLabels: flat(queries).labels,
          galleryLabels: flat(gallery).labels,
          classCount: classNames.length,
          ks: [1, 10],
        });
        const blocks = nearestNeighbours({
          queries: flat(queries).embeddings,
          gallery: flat(gallery).embeddings,
          dimension,
          k: metrics.neighboursNeeded,
        });
        for await (const block of blocks) metrics.add(block);
        expectClose(metrics.overall(), naiveRetrieval(queries, { gallery, ks: [1, 10] }));
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
