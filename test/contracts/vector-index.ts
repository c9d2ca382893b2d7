import { describe, expect, it } from 'vitest';
import type { IndexHit, VectorIndex } from '../../src/collection/index/vector-index.js';
import { ImagekinError } from '../../src/core/errors.js';
import { Random } from '../../src/core/random.js';
import { groupedVectors, joined, unitVector } from '../fixtures/unit-vectors.js';
import { naiveNearest } from '../oracle/nearest.js';

export type Vectors = ReadonlyMap<number, Float32Array>;

const dimension = 24;

/** Hits as the oracle has them: the same ids in the same order, scores to the last bits of float64. */
export function expectHits(found: readonly IndexHit[], expected: readonly IndexHit[]): void {
  expect(found.map(({ id }) => id)).toEqual(expected.map(({ id }) => id));
  for (const [i, { score }] of found.entries()) expect(score).toBeCloseTo(expected[i]!.score, 12);
}

/**
 * Hits that may lack some neighbours, as those of a graph: what is there has its score and stands in order, nothing is there that
 * must not be, and few are missing.
 */
export function expectMostHits(
  found: readonly IndexHit[],
  query: Float32Array,
  vectors: Vectors,
  k: number,
): number {
  expect(found).toHaveLength(Math.min(k, vectors.size));
  const all = new Map(naiveNearest(query, vectors, vectors.size).map(({ id, score }) => [id, score]));
  const sorted = [...found].sort((a, b) => b.score - a.score || a.id - b.id);
  expect(found).toEqual(sorted);
  expect(new Set(found.map(({ id }) => id)).size).toBe(found.length);
  for (const { id, score } of found) expect(score).toBeCloseTo(all.get(id) ?? Number.NaN, 12);
  const last = naiveNearest(query, vectors, k).at(-1)?.score ?? 0;
  return found.filter(({ score }) => score >= last - 1e-12).length / Math.max(1, found.length);
}

/**
 * What every index owes the collection.
 * @param make an index that holds some vectors
 * @param approximate it may miss neighbours where it searches all. What it finds among some ids is exact even so
 */
export function keepsVectorIndexContract(
  make: (vectors: Vectors, dimension: number) => Promise<VectorIndex>,
  { approximate = false }: { readonly approximate?: boolean } = {},
): void {
  describe('the contract of indexes', () => {
    const put = (index: VectorIndex, vectors: Vectors) =>
      index.upsert(Uint32Array.from(vectors.keys()), joined(vectors.values()));

    /** Holds answers to some queries against the oracle. */
    async function expectNearest(index: VectorIndex, vectors: Vectors, queries: Float32Array[], k: number) {
      expect(index.size).toBe(vectors.size);
      const found = await index.search(joined(queries), k);
      expect(found).toHaveLength(queries.length);
      let recall = 0;
      for (const [i, query] of queries.entries()) {
        if (approximate) recall += expectMostHits(found[i]!, query, vectors, k) / queries.length;
        else expectHits(found[i]!, naiveNearest(query, vectors, k));
      }
      if (approximate) expect(recall).toBeGreaterThanOrEqual(0.95);
    }

    const someQueries = (count: number, seed = 9) => {
      const random = Random.of(seed, 'queries');
      return Array.from({ length: count }, () => unitVector(random, dimension));
    };

    it('finds the nearest, the nearer one first, with their dot products as scores', async () => {
      for (const count of [1, 7, 40, 900]) {
        const vectors = groupedVectors(count, dimension, { seed: count });
        const index = await make(vectors, dimension);
        await expectNearest(index, vectors, [...someQueries(5), ...vectors.values()].slice(0, 20), 10);
        await index.close();
      }
    });

    it('answers many queries as it answers each', async () => {
      const vectors = groupedVectors(600, dimension);
      const index = await make(vectors, dimension);
      const queries = someQueries(300);
      const together = await index.search(joined(queries), 5);
      for (const at of [0, 1, 255, 256, 299])
        expect((await index.search(queries[at]!, 5))[0]).toEqual(together[at]);
      expect(await index.search(new Float32Array(0), 5)).toEqual([]);
      await index.close();
    });

    it('follows vectors that are added, changed and removed, ids in any order', async () => {
      const random = Random.of(5, 'updates');
      const vectors = new Map(groupedVectors(400, dimension, { firstId: 1000 }));
      const index = await make(vectors, dimension);
      for (let step = 0; step < 12; step++) {
        const known = [...vectors.keys()];
        const removed = random.sample(step === 6 ? 150 : 15, known.length).map((place) => known[place]!);
        // Some have never been there.
        index.remove(Uint32Array.from([...removed, 5_000_000, 3]));
        for (const id of removed) vectors.delete(id);
        const rest = [...vectors.keys()];
        const changed = random.sample(10, rest.length).map((place) => rest[place]!);
        const fresh = Array.from({ length: 12 }, () => 1 + random.integer(3000));
        const ids = random.shuffle([...new Set([...changed, ...fresh, removed[0]!])]);
        const upserted = new Map(ids.map((id) => [id, unitVector(random, dimension)]));
        put(index, upserted);
        for (const [id, vector] of upserted) vectors.set(id, vector);
        await expectNearest(
          index,
          vectors,
          [...someQueries(4, step), ...[...upserted.values()].slice(0, 4)],
          10,
        );
      }
      await index.close();
    });

    it('is empty when all is removed, and takes vectors again', async () => {
      const vectors = groupedVectors(300, dimension);
      const index = await make(vectors, dimension);
      index.remove(Uint32Array.from(vectors.keys()));
      expect(index.size).toBe(0);
      expect(await index.search(someQueries(1)[0]!, 3)).toEqual([[]]);
      put(index, vectors);
      await expectNearest(index, vectors, someQueries(5), 10);
      await index.close();
    });

    it('orders equal ones by id, however many there are', async () => {
      const vectors = new Map(groupedVectors(500, dimension));
      const copied = vectors.get(250)!;
      for (let id = 900; id > 600; id -= 4) vectors.set(id, copied);
      const index = await make(vectors, dimension);
      const [found] = await index.search(copied, 20);
      if (!approximate) expectHits(found!, naiveNearest(copied, vectors, 20));
      // Among some ids every index is exact.
      const among = Uint32Array.from([...vectors.keys()].sort((a, b) => a - b));
      const [exact] = await index.search(copied, 20, { among });
      expectHits(exact!, naiveNearest(copied, vectors, 20));
      expect(exact!.map(({ id }) => id).slice(0, 3)).toEqual([250, 604, 608]);
      await index.close();
    });

    it('orders those right that float32 cannot tell apart', async () => {
      const random = Random.of(2, 'near ties');
      const vectors = new Map(groupedVectors(300, dimension));
      const query = unitVector(random, dimension);
      // All within a few roundings of each other.
      for (let id = 1001; id <= 1080; id++) {
        const near = query.slice();
        near[id % dimension]! *= 1 + random.between(-4, 4) * 2 ** -23;
        near[(id * 7) % dimension]! *= 1 + random.between(-4, 4) * 2 ** -23;
        vectors.set(id, near);
      }
      const index = await make(vectors, dimension);
      const among = Uint32Array.from(vectors.keys());
      const [found] = await index.search(query, 30, { among });
      const expected = naiveNearest(query, vectors, 81);
      // Sums of float64 in another order may differ in their last bits, so ids are compared by their scores.
      const scores = new Map(expected.map(({ id, score }) => [id, score]));
      for (const [i, hit] of found!.entries()) {
        expect(hit.score).toBeCloseTo(expected[i]!.score, 14);
        expect(hit.score).toBeCloseTo(scores.get(hit.id)!, 14);
      }
      await index.close();
    });

    it('gives all there are where k is larger', async () => {
      const vectors = groupedVectors(60, dimension);
      const index = await make(vectors, dimension);
      for (const k of [59, 60, 61, 5000]) {
        const [found] = await index.search(someQueries(1)[0]!, k);
        expectHits(found!, naiveNearest(someQueries(1)[0]!, vectors, k));
      }
      const many = groupedVectors(1500, dimension);
      const larger = await make(many, dimension);
      for (const k of [700, 1500, 2000])
        expectHits(
          (await larger.search(someQueries(1)[0]!, k))[0]!,
          naiveNearest(someQueries(1)[0]!, many, k),
        );
      await Promise.all([index.close(), larger.close()]);
    });

    it('finds exactly the nearest among some ids, few or many of them', async () => {
      const vectors = new Map(groupedVectors(2000, dimension));
      const index = await make(vectors, dimension);
      const random = Random.of(1, 'filters');
      // Some of what a graph knows has been removed and changed.
      const removed = random.sample(200, 2000).map((i) => i + 1);
      index.remove(Uint32Array.from(removed));
      for (const id of removed) vectors.delete(id);
      const changed = new Map(
        [...vectors.keys()].slice(0, 100).map((id) => [id, unitVector(random, dimension)]),
      );
      put(index, changed);
      for (const [id, vector] of changed) vectors.set(id, vector);
      for (const share of [1, 0.9, 0.5, 0.05, 0.005, 0.0005]) {
        const among = Uint32Array.from({ length: 2500 }, (_, i) => i + 1).filter(
          () => random.uniform() < share,
        );
        const queries = someQueries(7);
        const together = await index.search(joined(queries), 10, { among });
        for (const [i, query] of queries.entries()) {
          const expected = naiveNearest(query, vectors, 10, new Set(among));
          expectHits(together[i]!, expected);
          expectHits((await index.search(query, 10, { among }))[0]!, expected);
        }
      }
      expect(await index.search(someQueries(1)[0]!, 10, { among: new Uint32Array(0) })).toEqual([[]]);
      await index.close();
    });

    it('answers a search as of the moment that it was asked, whatever is changed meanwhile', async () => {
      const vectors = groupedVectors(1200, dimension);
      const index = await make(vectors, dimension);
      const queries = someQueries(3);
      const among = Uint32Array.from(vectors.keys());
      const asked = index.search(joined(queries), 10, { among });
      index.remove(Uint32Array.from({ length: 600 }, (_, i) => 2 * i + 1));
      put(index, groupedVectors(700, dimension, { seed: 3, firstId: 500 }));
      for (const [i, hits] of (await asked).entries())
        expectHits(hits, naiveNearest(queries[i]!, vectors, 10));
      await index.close();
    });

    it('refuses vectors and queries of another dimension, and a k that is no number of neighbours', async () => {
      const index = await make(groupedVectors(30, dimension), dimension);
      expect(() => index.upsert(Uint32Array.of(1, 2), new Float32Array(dimension))).toThrow(ImagekinError);
      const refused = async (queries: Float32Array, k: number) =>
        index.search(queries, k).then(
          () => 'nothing',
          (error: ImagekinError) => error.code,
        );
      expect(await refused(new Float32Array(dimension + 1), 1)).toBe('shape-mismatch');
      expect(await refused(new Float32Array(dimension).fill(Number.NaN), 1)).toBe('shape-mismatch');
      for (const k of [0, -1, 1.5, Number.NaN])
        expect(await refused(new Float32Array(dimension), k)).toBe('wrong-usage');
      await index.close();
    });

    it('stops when it is told to', async () => {
      const index = await make(groupedVectors(900, dimension), dimension);
      await expect(
        index.search(joined(someQueries(600)), 3, { signal: AbortSignal.abort(new Error('enough')) }),
      ).rejects.toThrow('enough');
      await index.close();
    });
  });
}
