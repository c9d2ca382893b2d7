import { describe, expect, it } from 'vitest';
import { groupedVectors } from '../../../test/fixtures/unit-vectors.js';
import { naiveNearest } from '../../../test/oracle/nearest.js';
import { ResultList } from './result-list.js';
import { ResultLists } from './result-lists.js';

const vectors = groupedVectors(300, 6);
const facts = { vectors: () => new Map(), sha256: () => new Map() };

const state = 'a';

/** Lists over all vectors; counts how many were made and searched for. */
function counted() {
  const counts = { made: 0, searched: 0 };
  const index = {
    async search(query: Float32Array, k: number, { signal }: { signal?: AbortSignal | undefined } = {}) {
      counts.searched++;
      await new Promise((resolve) => setImmediate(resolve));
      signal?.throwIfAborted();
      return [naiveNearest(query, vectors, k)];
    },
  };
  const make = (id: number) => () => {
    counts.made++;
    return new ResultList(index, facts, { query: vectors.get(id)!, k: 40, fold: 'none', diversity: 0 });
  };
  return { counts, make };
}

const idsOf = ({ hits }: { readonly hits: readonly { readonly id: number }[] }) => hits.map(({ id }) => id);
const nearest = (id: number, from: number) =>
  naiveNearest(vectors.get(id)!, vectors, from + 40)
    .slice(from)
    .map((hit) => hit.id);

describe('ResultLists', () => {
  it('goes on with a list, and searches only for what has not been found yet', async () => {
    const { counts, make } = counted();
    const lists = new ResultLists({ state: () => state });
    const page = (offset: number) => lists.page({ state, key: '7', offset, make: make(7) });
    for (const offset of [0, 40, 80, 120]) expect(idsOf(await page(offset))).toEqual(nearest(7, offset));
    // 56, 112 and 224 of them.
    expect(counts).toEqual({ made: 1, searched: 3 });
  });

  it('begins anew when anything has changed', async () => {
    const { counts, make } = counted();
    let state = 'a';
    const lists = new ResultLists({ state: () => state });
    await lists.page({ state, key: '7', offset: 0, make: make(7) });
    state = 'b';
    await lists.page({ state, key: '7', offset: 40, make: make(7) });
    state = 'a';
    await lists.page({ state, key: '7', offset: 80, make: make(7) });
    expect(counts.made).toBe(3);
  });

  it('keeps none that was written to while it was read', async () => {
    const { counts, make } = counted();
    let state = 'a';
    const lists = new ResultLists({ state: () => state });
    const reading = lists.page({ state, key: '7', offset: 0, make: make(7) });
    state = 'b';
    await reading;
    await lists.page({ state, key: '7', offset: 40, make: make(7) });
    expect(counts.made).toBe(2);
  });

  it('lends a list to one reader at a time, and keeps the lists of the last four requests', async () => {
    const { counts, make } = counted();
    const lists = new ResultLists({ state: () => state });
    const page = (id: number, offset: number) => lists.page({ state, key: `${id}`, offset, make: make(id) });
    const [one, other] = await Promise.all([page(7, 0), page(7, 40)]);
    expect([idsOf(one), idsOf(other)]).toEqual([nearest(7, 0), nearest(7, 40)]);
    expect(counts.made).toBe(2);
    for (const id of [8, 9, 10, 11]) await page(id, 0);
    await page(7, 80);
    expect(counts.made).toBe(7);
    await page(11, 40);
    expect(counts.made).toBe(7);
  });

  it('keeps none that was given up in the middle', async () => {
    const { make } = counted();
    const lists = new ResultLists({ state: () => state });
    const stop = new AbortController();
    const given = lists.page({ state, key: '7', offset: 0, make: make(7), signal: stop.signal });
    stop.abort(new Error('enough'));
    await expect(given).rejects.toThrow('enough');
    expect(idsOf(await lists.page({ state, key: '7', offset: 0, make: make(7) }))).toEqual(nearest(7, 0));
  });
});
