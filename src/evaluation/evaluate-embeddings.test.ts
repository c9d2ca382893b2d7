import { describe, expect, it } from 'vitest';
import { confusionRows } from './confusion-matrix.js';
import { evaluateEmbeddings } from './evaluate-embeddings.js';

const dimension = 2;
/** Unit vectors at angles in degrees. */
const at = (...degrees: number[]) =>
  Float32Array.from(
    degrees.flatMap((degree) => [Math.cos((degree * Math.PI) / 180), Math.sin((degree * Math.PI) / 180)]),
  );

// Class a around 0°, class b around 90°, with one b (60°) nearer to the a at 45°; c stands alone.
const test = {
  embeddings: at(0, 10, 45, 90, 100, 60, 200),
  labels: Int32Array.of(0, 0, 0, 1, 1, 1, 2),
  classNames: ['a', 'b', 'c'],
};
const train = { embeddings: at(5, 95, 85), labels: Int32Array.of(0, 1, 1), classNames: ['a', 'b'] };
const request = { test, train, dimension };

describe('evaluateEmbeddings', () => {
  it('works out a set small enough to check by eye', async () => {
    const evaluation = await evaluateEmbeddings({ ...request, knnNeighbours: 1 });
    expect(evaluation).toMatchObject({ queries: 6, leftOut: 1, knnAccuracy: 6 / 7, knnNeighbours: 1 });
    // Only 45° and 60° find each other first.
    expect(evaluation.precisionAt1).toBeCloseTo(4 / 6, 12);
    expect(evaluation.perClass[2]).toEqual({
      name: 'c',
      images: 1,
      precisionAt1: null,
      precisionAt10: null,
      rPrecision: null,
      mapAtR: null,
      map: null,
      mrr: null,
      precisionAtK: { 1: null, 10: null },
      recallAtK: { 1: null, 10: null },
      ndcgAtK: { 1: null, 10: null },
    });
    // Of 60°'s three nearest among a, a comes first; 45° is the a nearest to any b.
    expect(evaluation.mostConfusedPairs[0].classes).toContain(0);
  });

  it('hands out the neighbours of the queries asked for, in the order asked', async () => {
    const { examples } = await evaluateEmbeddings({ ...request, exampleQueries: [3, 0] });
    expect(examples.map((example) => example.query)).toEqual([3, 0]);
    expect(examples[1].neighbours).toEqual([1, 2, 5, 3, 4, 6]);
    expect(examples[1].scores[0]).toBeCloseTo(Math.cos((10 * Math.PI) / 180), 6);
  });

  it('survives JSON unchanged', async () => {
    const evaluation = await evaluateEmbeddings({ ...request, exampleQueries: [1] });
    expect(JSON.parse(JSON.stringify(evaluation))).toEqual(evaluation);
  });

  it('gives each class the same weight in the macro means', async () => {
    const { macro, perClass } = await evaluateEmbeddings(request);
    expect(macro.rPrecision).toBeCloseTo((perClass[0].rPrecision! + perClass[1].rPrecision!) / 2, 12);
    // Of the six with another of their class only 41° finds one of another first.
    const lopsided = {
      ...test,
      embeddings: at(0, 10, 20, 30, 100, 41, 200),
      labels: Int32Array.of(0, 0, 0, 0, 1, 1, 2),
    };
    const evaluation = await evaluateEmbeddings({ ...request, test: lopsided });
    expect(evaluation.precisionAt1).toBeCloseTo(5 / 6, 12);
    expect(evaluation.macro.precisionAt1).toBeCloseTo((4 / 4 + 1 / 2) / 2, 12);
  });

  it('looks for the queries in a gallery where one is named, knowing its classes by name', async () => {
    const gallery = {
      embeddings: at(200, 1, 91, 101),
      labels: Int32Array.of(0, 2, 1, 1),
      classNames: ['z', 'b', 'a'],
    };
    const evaluation = await evaluateEmbeddings({ ...request, gallery, exampleQueries: [0] });
    // The three of a have one to find, the three of b two; c has none and is left out.
    expect(evaluation).toMatchObject({ queries: 6, leftOut: 1, searched: 4, precisionAt1: 1, map: 1 });
    expect(evaluation.rPrecision).toBe(1);
    expect(evaluation.examples[0].neighbours).toEqual([1, 2, 3, 0]);
    expect(evaluation.classNames).toEqual(['a', 'b', 'c', 'z']);
    expect(confusionRows(evaluation.confusion)[0]).toEqual([3, 6, 0, 3]);
  });

  it('refuses a gallery without a class of the queries', async () => {
    const gallery = { ...train, classNames: ['d', 'e'] };
    await expect(evaluateEmbeddings({ ...request, gallery })).rejects.toMatchObject({
      code: 'too-few-images',
    });
  });

  it('says how far the figures would move with other queries', async () => {
    const { intervals, precisionAt1 } = await evaluateEmbeddings(request);
    expect(intervals).toMatchObject({
      confidence: 0.95,
      resamples: 1000,
      recallAtK: { 10: { low: 1, high: 1 } },
    });
    expect(intervals!.precisionAt1.low).toBeLessThan(precisionAt1);
    expect(intervals!.precisionAt1.high).toBe(1);
    expect(intervals!.knnAccuracy).not.toBeNull();
    expect((await evaluateEmbeddings({ ...request, bootstrap: 0 })).intervals).toBeNull();
  });

  it('clusters when asked to', async () => {
    const apart = { ...test, embeddings: at(0, 1, 2, 90, 91, 92, 200) };
    expect(await evaluateEmbeddings({ ...request, test: apart, clusters: true })).toMatchObject({
      nmi: 1,
      ami: 1,
      clusters: 3,
    });
    expect(await evaluateEmbeddings(request)).toMatchObject({ nmi: null, ami: null, clusters: null });
  });

  it('measures at the k asked for, each once', async () => {
    const { recallAtK, ndcgAtK, precisionAtK } = await evaluateEmbeddings({ ...request, ks: [4, 2, 4] });
    for (const byK of [recallAtK, ndcgAtK, precisionAtK]) expect(Object.keys(byK)).toEqual(['2', '4']);
  });

  it.each([0, 1.5, -1])('refuses a k of %d', async (k) => {
    await expect(evaluateEmbeddings({ ...request, ks: [1, k] })).rejects.toMatchObject({
      code: 'wrong-usage',
    });
  });

  it('has no kNN accuracy where training and test classes are disjoint', async () => {
    const strangers = { ...train, classNames: ['d', 'e'] };
    const evaluation = await evaluateEmbeddings({ ...request, train: strangers });
    expect(evaluation.knnAccuracy).toBeNull();
  });

  it('knows the classes of the training split by name, however they are numbered there', async () => {
    const renumbered = { ...train, labels: Int32Array.of(2, 0, 0), classNames: ['b', 'd', 'a'] };
    const evaluation = await evaluateEmbeddings({ ...request, train: renumbered, knnNeighbours: 1 });
    expect(evaluation.knnAccuracy).toBe(6 / 7);
  });

  it('shows a collapsed embedding by its spread', async () => {
    const collapsed = { ...test, embeddings: at(30, 30, 30, 30, 30, 30, 30) };
    const { spread } = await evaluateEmbeddings({ ...request, test: collapsed });
    expect(spread.spread).toBeLessThan(1e-6);
  });

  it('reports how many queries are done', async () => {
    const done: string[] = [];
    await evaluateEmbeddings({ ...request, onProgress: (p) => done.push(`${p.task} ${p.done}/${p.total}`) });
    expect(done).toContain('comparing 7/7');
    expect(done).toContain('voting 7/7');
  });

  it('stops when told to', async () => {
    const signal = AbortSignal.abort();
    await expect(evaluateEmbeddings({ ...request, signal })).rejects.toThrow(/abort/i);
  });

  it('refuses labels of another number than embeddings', async () => {
    const short = { ...test, labels: test.labels.subarray(1) };
    await expect(evaluateEmbeddings({ ...request, test: short })).rejects.toMatchObject({
      code: 'shape-mismatch',
      message: expect.stringContaining('embeddings [6, 2]'),
    });
  });

  it('refuses embeddings that are not finite', async () => {
    const broken = { ...test, embeddings: test.embeddings.with(3, Number.NaN) };
    await expect(evaluateEmbeddings({ ...request, test: broken })).rejects.toMatchObject({
      code: 'training-diverged',
    });
  });

  it.each([-1, 3])('refuses the label %d of a class without a name', async (label) => {
    const strange = { ...test, labels: test.labels.with(4, label) };
    await expect(evaluateEmbeddings({ ...request, test: strange })).rejects.toMatchObject({
      code: 'shape-mismatch',
      message: expect.stringContaining('class indices below 3'),
    });
  });

  it('refuses embeddings so long that their products overflow', async () => {
    const long = { ...train, embeddings: train.embeddings.with(2, 3e19) };
    await expect(evaluateEmbeddings({ ...request, train: long })).rejects.toMatchObject({
      code: 'training-diverged',
      message: expect.stringContaining('evaluateEmbeddings: train'),
    });
  });

  it('refuses a split in which no class has two images', async () => {
    const lone = { ...test, embeddings: at(0, 90), labels: Int32Array.of(0, 1) };
    await expect(evaluateEmbeddings({ ...request, test: lone, train: undefined })).rejects.toMatchObject({
      code: 'too-few-images',
    });
  });
});
