import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { groupedVectors, ofUnitLength } from '../../../test/fixtures/unit-vectors.js';
import { naiveNearest } from '../../../test/oracle/nearest.js';
import type { IndexSearchOptions } from '../index/vector-index.js';
import { composeQuery } from './compose-query.js';
import { cosine, type HitFacts } from './fold-alike.js';
import { type ListedIndex, type ListRequest, ResultList } from './result-list.js';

const dimension = 6;
const vectors = groupedVectors(400, dimension);
const query = vectors.get(7)!;

/** Compares everything, one query at a time. */
function exact(all: ReadonlyMap<number, Float32Array>) {
  const asked: number[] = [];
  return {
    asked,
    search: async (wanted: Float32Array, k: number, { among }: IndexSearchOptions = {}) => {
      asked.push(k);
      return [naiveNearest(wanted, all, k, among && new Set(among))];
    },
  };
}

function factsOf(all: ReadonlyMap<number, Float32Array>, hash: (id: number) => string | null = String) {
  return {
    vectors: (ids: readonly number[]) => new Map(ids.map((id) => [id, all.get(id)!])),
    sha256: (ids: readonly number[]) => new Map(ids.map((id) => [id, hash(id)])),
  };
}

type PageRequest = ListRequest & { readonly offset: number };

const plain: PageRequest = { query, k: 10, offset: 0, fold: 'none', diversity: 0 };
const pageOf = (index: ListedIndex, facts: HitFacts, { offset, ...request }: PageRequest) =>
  new ResultList(index, facts, request, offset).page(offset);
const page = (request: Partial<PageRequest>, facts = factsOf(vectors), index: ListedIndex = exact(vectors)) =>
  pageOf(index, facts, { ...plain, ...request });

it('pages so far back that a call would not take all hits before them as arguments', async () => {
  const found = Array.from({ length: 300_000 }, (_, i) => ({ id: i + 1, score: 1 - i * 1e-6 }));
  const index = { search: async (_: Float32Array, k: number) => [found.slice(0, k)] };
  const { hits, more } = await pageOf(index, factsOf(vectors), { ...plain, offset: 290_000 });
  expect([hits[0]!.id, hits.length, more]).toEqual([290_001, 10, true]);
});

/** The whole list by its definition, without pages, rounds or pools that end early. */
function wholeList(
  { fold, diversity, k, without, accepts, among }: PageRequest,
  hash: (id: number) => string,
) {
  const ranked = naiveNearest(query, vectors, vectors.size, among && new Set(among)).filter(
    ({ id, score }) => !without?.has(id) && (accepts?.(score) ?? true),
  );
  const kept: { id: number; score: number; alike: number[] }[] = [];
  for (const { id, score } of ranked) {
    const like = kept.find(
      (one) =>
        (fold !== 'none' && hash(one.id) === hash(id)) ||
        (typeof fold === 'number' && cosine(vectors.get(one.id)!, vectors.get(id)!) >= fold),
    );
    if (like) like.alike.push(id);
    else kept.push({ id, score, alike: [] });
  }
  if (diversity === 0) return kept;
  const size = Math.max(k, Math.min(1000, Math.max(64, 4 * k)));
  const order: typeof kept = [];
  for (let at = 0; at < kept.length; at += size) {
    const rest = kept.slice(at, at + size);
    while (rest.length > 0) {
      const value = ({ id, score }: (typeof kept)[number]) =>
        order.length === 0
          ? score
          : (1 - diversity) * score -
            diversity * Math.max(...order.map((one) => cosine(vectors.get(one.id)!, vectors.get(id)!)));
      const best = rest.reduce((one, other) => (value(other) > value(one) ? other : one));
      rest.splice(rest.indexOf(best), 1);
      order.push(best);
    }
  }
  return order;
}

describe('ResultList', () => {
  it('gives the nearest first, and says whether more follow', async () => {
    const { hits, more } = await page({});
    expect(hits.map(({ id, score }) => ({ id, score }))).toEqual(naiveNearest(query, vectors, 10));
    expect(hits.map(({ rank }) => rank)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(more).toBe(true);
    expect((await page({ k: 400 })).more).toBe(false);
    expect((await page({ k: 1000 })).hits).toHaveLength(400);
    expect(await page({ offset: 400 })).toEqual({ hits: [], more: false });
  });

  it('asks an index for few more than are shown', async () => {
    const index = exact(vectors);
    await page({}, undefined, index);
    expect(index.asked).toEqual([26]);
  });

  it('asks an index that misses nothing once, for a page far behind too', async () => {
    const index = { ...exact(vectors), kind: 'exact' as const };
    const { hits } = await page({ offset: 300 }, undefined, index);
    expect(index.asked).toEqual([326]);
    expect(hits.map(({ id, score }) => ({ id, score }))).toEqual(
      naiveNearest(query, vectors, 310).slice(300),
    );
  });

  it('cuts its pages from the one list that its definition gives', async () => {
    const hash = (id: number) => String(id % 300);
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          kind: fc.constantFrom(undefined, 'exact' as const),
          k: fc.integer({ min: 1, max: 40 }),
          offset: fc.integer({ min: 0, max: 120 }),
          fold: fc.constantFrom<PageRequest['fold'][]>('none', 'copies', 0.95, 0.8),
          diversity: fc.constantFrom(0, 0, 0.3, 0.7, 1),
          without: fc.option(fc.constant(new Set([7, 12])), { nil: undefined }),
          accepts: fc.option(
            fc.constant((score: number) => score >= 0.2),
            { nil: undefined },
          ),
          among: fc.option(fc.constant(Uint32Array.from({ length: 150 }, (_, i) => 2 * i + 1)), {
            nil: undefined,
          }),
        }),
        async ({ kind, ...asked }) => {
          const request = { ...plain, ...asked };
          const index = { ...exact(vectors), kind };
          const { hits, more } = await page(request, factsOf(vectors, hash), index);
          const list = wholeList(request, hash);
          const { k, offset } = request;
          expect(hits.map(({ id }) => id)).toEqual(list.slice(offset, offset + k).map(({ id }) => id));
          expect(more).toBe(list.length > offset + k);
          for (const [i, { rank, alike }] of hits.entries()) {
            expect(rank).toBe(offset + i + 1);
            // As far as was searched: the first of all that are alike.
            const all = list[offset + i]!.alike;
            expect(alike.map(({ id }) => id)).toEqual(all.slice(0, alike.length));
          }
        },
      ),
      { numRuns: 60, seed: 3 },
    );
  });

  it('gives the same pages to who reads on as to who begins anew', async () => {
    for (const kind of [undefined, 'exact' as const])
      for (const diversity of [0, 0.5]) {
        const request: PageRequest = { ...plain, fold: 'copies', diversity };
        const facts = factsOf(vectors, (id) => String(id % 300));
        const list = new ResultList({ ...exact(vectors), kind }, facts, request);
        for (const offset of [0, 10, 50, 20, 290, 10]) {
          const [{ hits, more }, anew] = [await list.page(offset), await page({ ...request, offset }, facts)];
          const plainly = ({ rank, id, score }: (typeof hits)[number]) => [rank, id, score];
          expect([hits.map(plainly), more]).toEqual([anew.hits.map(plainly), anew.more]);
        }
      }
  });

  it('goes on where the page before it ended, though an index misses some until it is asked for more', async () => {
    const forgetful = {
      search: async (wanted: Float32Array, k: number) => [
        naiveNearest(wanted, vectors, vectors.size)
          .filter(({ id }) => id % 5 !== 0 || k > 60)
          .slice(0, k),
      ],
    };
    const at = (offset: number, k = 10) => pageOf(forgetful, factsOf(vectors), { ...plain, offset, k });
    const pages = [];
    for (let offset = 0; offset < 400; offset += 10) pages.push(...(await at(offset)).hits);
    const ids = pages.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length).toBe(400);
  });

  it('lists copies under the one that is shown', async () => {
    const { hits } = await page(
      { fold: 'copies', k: 3 },
      factsOf(vectors, (id) => (id < 400 ? 'one' : null)),
    );
    expect(hits[0].alike.length).toBeGreaterThan(10);
    expect(hits.slice(1).every(({ id }) => id >= 400)).toBe(true);
  });
});

describe('composeQuery', () => {
  const x = Float32Array.of(1, 0, 0);
  const y = Float32Array.of(0, 1, 0);

  it('is the weighted sum at unit length', () => {
    expect([
      ...composeQuery([
        { vector: x, weight: 3 },
        { vector: y, weight: 4 },
      ]),
    ]).toEqual([Math.fround(0.6), Math.fround(0.8), 0]);
    const away = composeQuery([{ vector: x, weight: 1 }], [{ vector: y, weight: 0.75 }]);
    expect([...away]).toEqual([Math.fround(0.8), Math.fround(-0.6), 0]);
  });

  it('orders images by the weighted sum of their scores', () => {
    const [a, b, c] = [vectors.get(1)!, vectors.get(2)!, vectors.get(3)!];
    const composed = composeQuery(
      [
        { vector: a, weight: 2 },
        { vector: b, weight: 1 },
      ],
      [{ vector: c, weight: 0.5 }],
    );
    const found = naiveNearest(composed, vectors, 50).map(({ id }) => id);
    const bySum = [...vectors]
      .map(([id, v]) => ({ id, sum: 2 * cosine(a, v) + cosine(b, v) - 0.5 * cosine(c, v) }))
      .sort((one, other) => other.sum - one.sum)
      .slice(0, 50);
    expect(found).toEqual(bySum.map(({ id }) => id));
  });

  it('refuses what leaves nothing', () => {
    const near = ofUnitLength(Float64Array.of(1, 1e-8, 0));
    expect(() => composeQuery([{ vector: x, weight: 1 }], [{ vector: near, weight: 1 }])).toThrow(
      /cancel each other/,
    );
  });
});
