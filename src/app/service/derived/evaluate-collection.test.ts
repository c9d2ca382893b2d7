import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { clusteredEmbeddings } from '../../../../test/fixtures/clustered-embeddings.js';
import { expectBody } from '../../../../test/fixtures/expect-body.js';
import { labelledCollection } from '../../../../test/fixtures/labelled-collection.js';
import { serverOf, serviceInThread } from '../../../../test/fixtures/service-in-thread.js';
import { ranking } from '../../../../test/oracle/retrieval.js';
import { ConfusionPairs, EvaluationSummary } from '../../../api/index.js';
import { Random } from '../../../core/random.js';
import { evaluateEmbeddings } from '../../../evaluation/evaluate-embeddings.js';
import { evaluateCollection } from './evaluate-collection.js';

const opened: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
});

async function evaluated(vectors: Float32Array, labels: readonly (string | null)[]) {
  const filled = await labelledCollection(vectors, labels);
  const service = serviceInThread(filled.directory);
  opened.push(filled.collection, service);
  const again = () => evaluateCollection({ collection: filled.directory, threads: 1 });
  return {
    ...filled,
    service,
    again,
    figures: await again(),
    server: serverOf(service),
  };
}

/** Four groups that run into each other, some images without a label, and one label that only one image has. */
function mixed() {
  const { embeddings, labels, classNames } = clusteredEmbeddings({ classes: 4, perClass: 30, noise: 0.35 });
  const names = Array.from(labels, (label, i): string | null =>
    i % 17 === 3 ? null : i === 40 ? 'the only one' : classNames[label]!,
  );
  return { embeddings, names };
}

describe('evaluateCollection', () => {
  it('says what imagekin eval says of the images that have a label', async () => {
    const { embeddings, names } = mixed();
    const { figures, server } = await evaluated(embeddings, names);
    const url = '/api/v1/collections/photos/evaluation';
    const summary = expectBody(EvaluationSummary, (await server.inject(url)).json());

    const kept = names.flatMap((name, i) => (name === null ? [] : i));
    const classNames = [...new Set(kept.map((i) => names[i]!))];
    const expected = await evaluateEmbeddings({
      test: {
        embeddings: Float32Array.from(kept.flatMap((i) => [...embeddings.subarray(8 * i, 8 * i + 8)])),
        labels: Int32Array.from(kept, (i) => classNames.indexOf(names[i]!)),
        classNames,
      },
      dimension: 8,
      threads: 1,
    });
    expect(expected.leftOut).toBe(1);
    const { precisionAt1, precisionAt10, rPrecision, mapAtR, intervals } = expected;
    expect(summary.figures).toEqual({ precisionAt1, precisionAt10, rPrecision, mapAtR });
    expect(precisionAt1).toBeGreaterThan(0.5);
    expect(precisionAt1).toBeLessThan(0.95);
    const { low, high } = intervals!.precisionAt1;
    expect(summary.intervals).toEqual({ precisionAt1: [low, high] });
    expect(summary).toMatchObject({ state: 'ready', images: kept.length, queries: expected.queries });
    for (const { label, images, precisionAt1: first, mapAtR: mean } of summary.perLabel)
      expect(expected.perClass.find(({ name }) => name === label)).toMatchObject({
        images,
        precisionAt1: first,
        mapAtR: mean,
      });
    expect(summary.perLabel).toHaveLength(5);
    expect(summary.perLabel.at(-1)).toEqual({
      label: 'the only one',
      images: 1,
      precisionAt1: null,
      mapAtR: null,
    });
    expect(figures).toMatchObject({
      images: kept.length,
      queries: expected.queries,
      leftOut: 120 - expected.queries,
      labels: 5,
      precisionAt1,
      suspects: summary.suspects.length,
    });
  });

  it('counts each image by the label of its nearest, and tells the images behind every cell', async () => {
    const { embeddings, names } = mixed();
    const { ids, server } = await evaluated(embeddings, names);
    const get = async (path: string) =>
      (await server.inject(`/api/v1/collections/photos/evaluation${path}`)).json();
    const { confusion, queries, figures }: EvaluationSummary = await get('');

    const kept = names.flatMap((name, i) => (name === null ? [] : i));
    const vectors = kept.map((i) => [...embeddings.subarray(8 * i, 8 * i + 8)]);
    const naive = kept.flatMap((i, query) => {
      if (names[i] === 'the only one') return [];
      const nearest = ranking(vectors[query]!, { vectors, labels: [] }, query)[0]!;
      const score = vectors[query]!.reduce((sum, value, d) => sum + value * vectors[nearest]![d]!, 0);
      return [
        { id: ids[i]!, nearest: ids[kept[nearest]!]!, of: names[i]!, as: names[kept[nearest]!]!, score },
      ];
    });
    expect(queries).toBe(naive.length);
    // The label of the only one is nobody's to be found by.
    expect(confusion.labels.toSorted()).toEqual(['class 0', 'class 1', 'class 2', 'class 3']);
    expect(confusion.leftOut).toBe(1);
    const diagonal = confusion.counts.reduce((sum, row, i) => sum + row[i]!, 0);
    expect(diagonal / queries).toBeCloseTo(figures!.precisionAt1, 12);
    for (const [row, of] of confusion.labels.entries())
      for (const [column, as] of confusion.labels.entries()) {
        const behind = naive
          .filter((pair) => pair.of === of && pair.as === as)
          .sort((a, b) => b.score - a.score);
        expect(confusion.counts[row]![column]).toBe(behind.length);
        const query = new URLSearchParams({ of, as, limit: '200' });
        const page = expectBody(ConfusionPairs, await get(`/confusion?${query}`));
        expect(page.total).toBe(behind.length);
        expect(page.pairs.map(({ image, nearest }) => [image.id, nearest.id])).toEqual(
          behind.map(({ id, nearest }) => [id, nearest]),
        );
        for (const [i, { score, image, nearest }] of page.pairs.entries()) {
          expect(score).toBeCloseTo(behind[i]!.score, 5);
          expect([image.label, nearest.label]).toEqual([of, as]);
        }
      }
    const [all, second] = [
      await get('/confusion?of=class+0&as=class+0'),
      await get('/confusion?of=class+0&as=class+0&offset=5&limit=3'),
    ];
    expect(second).toEqual({ total: all.total, offset: 5, pairs: all.pairs.slice(5, 8) });
    expect(await get('/confusion?of=class+0&as=nothing')).toEqual({ total: 0, offset: 0, pairs: [] });
  });

  it('shows the 60 largest of 10,000 labels, and says how many are left out', async () => {
    const random = Random.of(3, 'many labels');
    const images = 10_300;
    const vectors = new Float32Array(images * 4);
    for (let i = 0; i < images; i++) {
      const vector = Array.from({ length: 4 }, () => random.normal());
      vectors.set(
        vector.map((value) => value / Math.hypot(...vector)),
        4 * i,
      );
    }
    // Labels 0 to 99 have four images, the others one.
    const { figures, service } = await evaluated(
      vectors,
      Array.from({ length: images }, (_, i) => `label ${i < 400 ? i % 100 : i}`),
    );
    expect(figures).toMatchObject({ images, queries: 400, leftOut: 9900, labels: 10_000 });
    const { perLabel, confusion } = await service.call('evaluation', {});
    expect(perLabel).toHaveLength(10_000);
    expect(confusion.labels).toHaveLength(60);
    expect(confusion.leftOut).toBe(9940);
    expect(confusion.counts.flat()).toHaveLength(3600);
  });

  it.each<[string, (string | null)[], object]>([
    ['no image', [], { images: 0, queries: 0, figures: null, intervals: null, perLabel: [] }],
    ['no labels', [null, null, null], { images: 0, queries: 0, figures: null, perLabel: [] }],
    [
      'one image',
      ['a', null],
      { images: 1, queries: 0, figures: null, confusion: { labels: [], counts: [], leftOut: 1 } },
    ],
    [
      'one image of each label',
      ['a', 'b', 'c'],
      { images: 3, queries: 0, figures: null, intervals: null, suspects: [] },
    ],
    [
      'one label',
      ['a', 'a', 'a'],
      {
        images: 3,
        queries: 3,
        figures: { precisionAt1: 1, precisionAt10: expect.closeTo(0.2, 12), rPrecision: 1, mapAtR: 1 },
        confusion: { labels: ['a'], counts: [[3]], leftOut: 0 },
        suspects: [],
      },
    ],
  ])('has something to say of %s', async (_, labels, expected) => {
    const { embeddings } = clusteredEmbeddings({ classes: 1, perClass: labels.length });
    const { service } = await evaluated(embeddings, labels);
    const summary = expectBody(EvaluationSummary, await service.call('evaluation', {}));
    expect(summary).toMatchObject({ state: 'ready', ...expected });
    expect(await service.call('confusionPairs', { of: 'a', as: 'b' })).toMatchObject({ total: 0, pairs: [] });
  });

  it('goes stale with labels and vectors, tells pairs by the labels of the time, and leaves out what is gone', async () => {
    const { embeddings, labels, classNames } = clusteredEmbeddings({ classes: 2, perClass: 30, noise: 0.1 });
    const names = Array.from(labels, (label) => classNames[label]!);
    // A label that is wrong.
    names[4] = 'class 1';
    const { service, ids, collection, again } = await evaluated(embeddings, names);
    const { catalog } = collection;
    const before = await service.call('evaluation', {});
    expect(before.suspects.map(({ id }) => id)).toEqual([ids[4]]);
    expect(before.suspects[0]).toMatchObject({ label: 'class 1', suggested: 'class 0' });
    const cell = { of: 'class 1', as: 'class 0' };
    expect((await service.call('confusionPairs', cell)).pairs.map(({ image }) => image.id)).toEqual([ids[4]]);

    await service.call('editImages', { ids: [ids[4]!], split: 'test' });
    expect((await service.call('evaluation', {})).state).toBe('ready');
    await service.call('editImages', { ids: [ids[4]!], label: 'class 0' });
    const edited = await service.call('evaluation', {});
    expect(edited).toMatchObject({ state: 'stale', suspects: [] });
    const { pairs } = await service.call('confusionPairs', cell);
    expect(pairs.map(({ image }) => [image.id, image.label])).toEqual([[ids[4], 'class 0']]);

    await again();
    const anew = await service.call('evaluation', {});
    expect(anew).toMatchObject({ state: 'ready', suspects: [] });
    expect(anew.figures!.precisionAt1).toBe(1);
    expect((await service.call('confusionPairs', cell)).total).toBe(0);

    const whole = await service.call('confusionPairs', { of: 'class 0', as: 'class 0' });
    const [{ image, nearest }] = whole.pairs as [(typeof whole.pairs)[0]];
    catalog.write(() => catalog.images.remove([image.id]));
    catalog.write(() => catalog.images.markMissing([nearest.id]));
    expect((await service.call('evaluation', {})).state).toBe('stale');
    const left = await service.call('confusionPairs', { of: 'class 0', as: 'class 0', limit: 200 });
    const isGone = (pair: (typeof whole.pairs)[0]) =>
      [pair.image.id, pair.nearest.id].some((id) => [image.id, nearest.id].includes(id));
    const expected = whole.pairs.filter((pair) => !isGone(pair));
    expect(left.pairs).toEqual(expected);
    expect(left.total).toBe(expected.length);
    expect(left.total).toBeLessThan(whole.total);
  });

  it('is missing before, and as soon as its files are', async () => {
    const { directory, collection } = await labelledCollection(Float32Array.of(1, 1), ['a', 'a']);
    const service = serviceInThread(directory);
    opened.push(collection, service);
    const missing = expectBody(EvaluationSummary, await service.call('evaluation', {}));
    expect(missing).toMatchObject({ state: 'missing', computedAt: null, figures: null });
    await expect(service.call('confusionPairs', { of: 'a', as: 'a' })).rejects.toMatchObject({
      code: 'not-computed',
    });
    await evaluateCollection({ collection: directory, threads: 1 });
    expect((await service.call('confusionPairs', { of: 'a', as: 'a' })).total).toBe(2);
    for (const name of await readdir(join(directory, 'derived'))) await rm(join(directory, 'derived', name));
    await expect(service.call('confusionPairs', { of: 'a', as: 'a' })).rejects.toMatchObject({
      code: 'not-computed',
    });
  });

  it('tells how far it is, and stops when it is told', async () => {
    const { embeddings, names } = mixed();
    const { directory, collection } = await labelledCollection(embeddings, names);
    opened.push(collection);
    const controller = new AbortController();
    const tasks: string[] = [];
    const stopped = evaluateCollection({
      collection: directory,
      threads: 1,
      signal: controller.signal,
      onProgress: ({ task }) => {
        tasks.push(task);
        if (task === 'comparing') controller.abort();
      },
    });
    await expect(stopped).rejects.toMatchObject({ name: 'AbortError' });
    expect(new Set(tasks)).toEqual(new Set(['reading vectors', 'comparing']));
    await expect(readdir(join(directory, 'derived'))).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
