import { describe, expect, it } from 'vitest';
import type { IndexHit, IndexSearchOptions } from '../index/vector-index.js';
import { JoinedSearches } from './joined-searches.js';

/** Finds of a query the ids next to its number; remembers how it was asked, and answers when it is told to. */
function countingIndex() {
  const calls: { readonly queries: number[]; readonly k: number; readonly among: Uint32Array | undefined }[] =
    [];
  const answers: (() => void)[] = [];
  const index = {
    kind: 'exact' as const,
    search(
      queries: Float32Array,
      k: number,
      { among, signal }: IndexSearchOptions = {},
    ): Promise<IndexHit[][]> {
      calls.push({ queries: [...queries], k, among });
      return new Promise((resolve, reject) => {
        signal?.addEventListener('abort', () => reject(signal.reason));
        answers.push(() =>
          queries.includes(-1)
            ? reject(new Error('refused'))
            : resolve([...queries].map((query) => [{ id: query, score: k }])),
        );
      });
    },
  };
  const answer = async () => {
    await new Promise((resolve) => setImmediate(resolve));
    answers.shift()!();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { index, calls, answer };
}

const query = (number: number) => Float32Array.of(number);

describe('JoinedSearches', () => {
  it('searches at once for all that have come meanwhile, and gives each its own', async () => {
    const { index, calls, answer } = countingIndex();
    const joined = new JoinedSearches(index);
    const first = joined.search(query(1), 5);
    await new Promise((resolve) => setImmediate(resolve));
    const others = [2, 3, 4].map((number) => joined.search(query(number), 5));
    await answer();
    await answer();
    expect(calls.map(({ queries }) => queries)).toEqual([[1], [2, 3, 4]]);
    expect(await first).toEqual([[{ id: 1, score: 5 }]]);
    expect(await Promise.all(others)).toEqual([2, 3, 4].map((id) => [[{ id, score: 5 }]]));
  });

  it('joins only what asks for as many, among the same', async () => {
    const { index, calls, answer } = countingIndex();
    const joined = new JoinedSearches(index);
    const among = Uint32Array.of(7);
    const asked = [
      joined.search(query(1), 5),
      joined.search(query(2), 6),
      joined.search(query(3), 5, { among }),
      joined.search(query(4), 5),
      joined.search(query(5), 5, { among }),
    ];
    for (let i = 0; i < 3; i++) await answer();
    await Promise.all(asked);
    expect(calls).toEqual([
      { queries: [1, 4], k: 5, among: undefined },
      { queries: [2], k: 6, among: undefined },
      { queries: [3, 5], k: 5, among },
    ]);
  });

  it('does not search for who has gone, and lets one go without the others', async () => {
    const { index, calls, answer } = countingIndex();
    const joined = new JoinedSearches(index);
    const first = joined.search(query(1), 5);
    await new Promise((resolve) => setImmediate(resolve));
    const gone = new AbortController();
    const left = joined.search(query(2), 5, { signal: gone.signal });
    left.catch(() => {});
    const staying = joined.search(query(3), 5);
    gone.abort(new Error('gone'));
    await answer();
    await expect(left).rejects.toThrow('gone');
    await answer();
    await Promise.all([first, staying]);
    expect(calls.map(({ queries }) => queries)).toEqual([[1], [3]]);
  });

  it('stops what only one has asked for', async () => {
    const { index } = countingIndex();
    const joined = new JoinedSearches(index);
    const controller = new AbortController();
    const search = joined.search(query(1), 5, { signal: controller.signal });
    await new Promise((resolve) => setImmediate(resolve));
    controller.abort(new Error('gone'));
    await expect(search).rejects.toThrow('gone');
  });

  it('goes on after a search that failed', async () => {
    const { index, answer } = countingIndex();
    const joined = new JoinedSearches(index);
    const failed = joined.search(query(-1), 5);
    failed.catch(() => {});
    await answer();
    await expect(failed).rejects.toThrow('refused');
    const next = joined.search(query(2), 5);
    await answer();
    expect(await next).toEqual([[{ id: 2, score: 5 }]]);
  });
});
