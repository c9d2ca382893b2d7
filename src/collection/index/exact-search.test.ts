import { afterAll, describe, expect, it } from 'vitest';
import { joined, unitVector } from '../../../test/fixtures/unit-vectors.js';
import { Random } from '../../core/random.js';
import { dotProduct } from './dot-product.js';
import { ExactSearch, type FoundRow } from './exact-search.js';
import { gatherRows } from './memory-rows.js';
import type { RowStore } from './row-store.js';

const dimension = 8;
const k = 5;
const search = new ExactSearch(dimension, 1);
afterAll(() => search.release());

function storeOf(vectors: Float32Array, { inMemory = true } = {}): RowStore {
  const count = vectors.length / dimension;
  return {
    dimension,
    count,
    ids: Uint32Array.from({ length: count }, (_, row) => row),
    matrix: inMemory ? vectors : undefined,
    block(from, to, scratch) {
      const rows = vectors.subarray(from * dimension, to * dimension);
      if (inMemory) return rows;
      const room = scratch();
      room.set(rows);
      return room.subarray(0, rows.length);
    },
    gather: (rows, into) => gatherRows(vectors, dimension, rows, into),
  };
}

function bruteForce(vectors: Float32Array, queries: Float32Array, query: number): FoundRow[] {
  return Array.from({ length: vectors.length / dimension }, (_, row) => ({
    row,
    score: dotProduct(queries, query * dimension, vectors, row * dimension, dimension),
  }))
    .sort((a, b) => b.score - a.score || a.row - b.row)
    .slice(0, k);
}

async function expectNearest(vectors: Float32Array, queries: Float32Array, store = storeOf(vectors)) {
  const found = await search.search(store, queries, k);
  expect(found).toHaveLength(queries.length / dimension);
  for (const [query, rows] of found.entries())
    expect(rows, `query ${query}`).toEqual(bruteForce(vectors, queries, query));
}

const random = Random.of(3, 'exact search');
const drawn = (count: number) => joined(Array.from({ length: count }, () => unitVector(random, dimension)));
const rowOf = (vectors: Float32Array, row: number) => vectors.slice(row * dimension, (row + 1) * dimension);

/** Enough of both that rows are gone through by groups. */
const manyRows = 3001;
const manyQueries = 50;

describe('an exact search for many queries', () => {
  it.each([3001, 3008, 3015])('finds what brute force finds, among %d rows', async (count) => {
    await expectNearest(drawn(count), drawn(manyQueries));
  });

  it('finds it where rows are read from a file', async () => {
    const vectors = drawn(manyRows);
    await expectNearest(vectors, drawn(manyQueries), storeOf(vectors, { inMemory: false }));
  });

  it('finds rows themselves, the first and the last ones too', async () => {
    const vectors = drawn(manyRows);
    const rows = [0, 15, 16, manyRows - 9, ...Array.from({ length: 8 }, (_, i) => manyRows - 1 - i)];
    const queries = joined([
      ...rows.map((row) => rowOf(vectors, row)),
      ...Array.from({ length: 40 }, () => unitVector(random, dimension)),
    ]);
    const found = await search.search(storeOf(vectors), queries, k);
    expect(found.slice(0, rows.length).map(([first]) => first!.row)).toEqual(rows);
    await expectNearest(vectors, queries);
  });

  it('puts the lower row first among many copies, however they lie', async () => {
    const vectors = drawn(manyRows);
    const copied = rowOf(vectors, 700);
    for (let row = 40; row < manyRows; row += 37) vectors.set(copied, row * dimension);
    for (let row = 1000; row < 1032; row++) vectors.set(copied, row * dimension);
    const queries = joined(
      Array.from({ length: manyQueries }, (_, i) => (i % 2 ? copied : unitVector(random, dimension))),
    );
    await expectNearest(vectors, queries);
  });

  it('finds all of the nearest where they lie in one group', async () => {
    const vectors = drawn(manyRows);
    const wanted = unitVector(random, dimension);
    for (let row = 160; row < 176; row++)
      vectors.set(
        wanted.map((x, i) => x + (i === 0 ? (row - 160) * 1e-4 : 0)),
        row * dimension,
      );
    const queries = joined(Array.from({ length: manyQueries }, () => wanted));
    await expectNearest(vectors, queries);
  });

  it('finds what brute force finds where rows are gone through in several runs', async () => {
    // 1,100 queries are taken in two parts; 40,000 rows are more than a run takes for so many.
    const [rows, count] = [40_000, 1100];
    const vectors = drawn(rows);
    const queries = drawn(count);
    const copied = rowOf(vectors, 5);
    for (const row of [12_287, 12_288, 24_575, 24_576, 24_577, rows - 1])
      vectors.set(copied, row * dimension);
    queries.set(copied, 600 * dimension);
    const found = await search.search(storeOf(vectors), queries, k);
    expect(found).toHaveLength(count);
    for (let query = 0; query < count; query += 25)
      expect(found[query], `query ${query}`).toEqual(bruteForce(vectors, queries, query));
  });

  it('stops when told, also between runs', async () => {
    const store = storeOf(drawn(40_000));
    const queries = drawn(1000);
    const enough = new Error('enough');
    const stopped = { signal: AbortSignal.abort(enough) };
    await expect(search.search(store, queries, k, stopped)).rejects.toThrow('enough');
    const controller = new AbortController();
    const { programs } = search;
    const { bestGroups } = programs;
    let runs = 0;
    programs.bestGroups = (...operands) => {
      runs++;
      controller.abort(enough);
      return bestGroups.apply(programs, operands);
    };
    await expect(search.search(store, queries, k, { signal: controller.signal })).rejects.toThrow('enough');
    programs.bestGroups = bestGroups;
    expect(runs).toBe(1);
  });
});
