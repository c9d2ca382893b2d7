import { checkQueries, checkRows } from './check-request.js';
import { ExactSearch } from './exact-search.js';
import { MemoryRows } from './memory-rows.js';
import { rowsOf } from './row-store.js';
import type { IndexHit, IndexSearchOptions, VectorIndex } from './vector-index.js';

/** Compares a query with every vector. All of them lie in memory, in the order of their ids. */
export class ExactIndex implements VectorIndex {
  readonly kind = 'exact';
  private readonly scan: ExactSearch;

  /** @param rows taken over, not copied. Default: none yet */
  constructor(
    readonly dimension: number,
    readonly rows = new MemoryRows(dimension),
    { threads }: { readonly threads?: number } = {},
  ) {
    this.scan = new ExactSearch(dimension, threads);
  }

  get size(): number {
    return this.rows.count;
  }

  upsert(ids: Uint32Array, vectors: Float32Array): void {
    checkRows('upsert to an index', ids, vectors, this.dimension);
    this.rows.upsert(ids, vectors);
  }

  remove(ids: Uint32Array): void {
    this.rows.remove(ids);
  }

  async search(
    queries: Float32Array,
    k: number,
    { among, signal }: IndexSearchOptions = {},
  ): Promise<IndexHit[][]> {
    checkQueries(queries, k, this.dimension);
    const store = this.rows.pin();
    try {
      const rows = among && rowsOf(among, store.ids);
      const found = await this.scan.search(store, queries, k, { rows, signal });
      return found.map((hits) => hits.map(({ row, score }) => ({ id: store.ids[row]!, score })));
    } finally {
      store.release();
    }
  }

  async close(): Promise<void> {
    await this.scan.release();
  }
}
