import { describe, expect, it } from 'vitest';
import { clusteredEmbeddings } from '../../../test/fixtures/clustered-embeddings.js';
import { ranking } from '../../../test/oracle/retrieval.js';
import { neighbourPairs } from './neighbour-pairs.js';
import { baseRate } from './scored-pairs.js';

const set = clusteredEmbeddings({ classes: 6, perClass: 5 });
const dimension = 8;
const options = { dimension, k: 4, clusterBy: 'images', threads: 1 } as const;
const naive = {
  vectors: Array.from({ length: 30 }, (_, i) => [...set.embeddings.subarray(i * 8, i * 8 + 8)]),
  labels: [...set.labels],
};

describe('neighbourPairs', () => {
  it('pairs each image with its nearest others, as sorting all of them would', async () => {
    const pairs = await neighbourPairs(set, options);
    const expected = naive.vectors.flatMap((vector, query) =>
      ranking(vector, naive, query)
        .slice(0, 4)
        .map((neighbour) => ({ query, same: naive.labels[neighbour] === naive.labels[query] ? 1 : 0 })),
    );
    expect([...pairs.clusters]).toEqual(expected.map(({ query }) => query));
    expect([...pairs.same]).toEqual(expected.map(({ same }) => same));
    expect(baseRate(pairs)).toBeCloseTo(expected.filter(({ same }) => same).length / 120, 12);
    for (let i = 0; i < 120; i++)
      if (i % 4 > 0) expect(pairs.scores[i]).toBeLessThanOrEqual(pairs.scores[i - 1]);
  });

  it('leaves a query out by its index: its duplicate is a neighbour', async () => {
    const twice = {
      embeddings: Float32Array.from([...set.embeddings.subarray(0, 8), ...set.embeddings.subarray(0, 16)]),
      labels: Int32Array.of(0, 1, 0),
      classNames: ['a', 'b'],
    };
    const pairs = await neighbourPairs(twice, { ...options, k: 1 });
    expect(pairs.scores[0]).toBeCloseTo(1, 6);
    expect([...pairs.same].slice(0, 2)).toEqual([0, 0]);
  });

  it('takes no more neighbours than there are', async () => {
    const pairs = await neighbourPairs(set, { ...options, k: 1000 });
    expect(pairs.scores).toHaveLength(30 * 29);
    expect(baseRate(pairs)).toBeCloseTo(4 / 29, 12);
  });

  it('thins out queries, not the gallery', async () => {
    const [all, some] = [
      await neighbourPairs(set, options),
      await neighbourPairs(set, { ...options, mostQueries: 7 }),
    ];
    expect(some.scores).toHaveLength(28);
    const queries = [...new Set(some.clusters)];
    expect(queries).toHaveLength(7);
    const scoresOf = ({ scores, clusters }: typeof all, query: number) =>
      [...scores].filter((_, i) => clusters[i] === query);
    for (const query of queries)
      scoresOf(some, query).forEach((score, i) => {
        expect(score).toBeCloseTo(scoresOf(all, query)[i], 6);
      });
  });

  it('clusters by the class of the query where classes are what was held out', async () => {
    const pairs = await neighbourPairs(set, { ...options, clusterBy: 'classes' });
    expect([...new Set(pairs.clusters)].sort()).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('finds no pair in a set of one image', async () => {
    const lone = { embeddings: set.embeddings.slice(0, 8), labels: Int32Array.of(0), classNames: ['a'] };
    expect((await neighbourPairs(lone, options)).scores).toHaveLength(0);
  });
});
