import { describe, expect, it } from 'vitest';
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

  it('refuses a split in which no class has two images', async () => {
    const lone = { ...test, embeddings: at(0, 90), labels: Int32Array.of(0, 1) };
    await expect(evaluateEmbeddings({ ...request, test: lone, train: undefined })).rejects.toMatchObject({
      code: 'too-few-images',
    });
  });
});
