import { setImmediate as nextTurn } from 'node:timers/promises';
import { threadCount } from '../../engine/index.js';
import { checkQueries, checkRows } from './check-request.js';
import { ExactSearch, type FoundRow, nearestOf } from './exact-search.js';
import type { HnswGraph } from './hnsw-graph.js';
import { MemoryRows, type PinnedRows } from './memory-rows.js';
import type { Quantization } from './quantization.js';
import { placeOf, type RowStore, rowsOf } from './row-store.js';
import type { IndexHit, IndexSearchOptions, VectorIndex } from './vector-index.js';

/** The vectors that an index was built of. They do not change. */
export interface HnswBase {
  readonly rows: RowStore & { loadIfWorthIt?(most?: number): void; close?(): Promise<void> };
  /** Of all the rows, by their numbers. Left out where there are so few that they are searched one by one. */
  readonly graph?: HnswGraph;
  /** Candidates that a search has to look at for the recall that is wanted. */
  readonly expansion: number;
}

export interface HnswIndexOptions {
  readonly threads?: number;
  /** Where no more vectors than this are in the base, they are all looked at. */
  readonly exactBelow?: number;
}

/** Looking at so many takes a millisecond. */
export const fewVectors = 4096;
const queriesAtOnce = 256;
/** Rows of larger files are read one by one for scoring, as long as searches do not want many of them. */
const mostBytesForScoring = 2 ** 27;

/**
 * An approximate index that does not decay: a graph of the vectors that there were when it was built, a list of what became
 * invalid of it since, and what came since beside it, searched exactly.
 *
 * Candidates of the graph are scored again by their float32 vectors. Where too many of them are invalid, the graph is asked
 * for more. Searches among some ids, and for so many neighbours that the graph would be walked through anyway, are exact.
 */
export class HnswIndex implements VectorIndex {
  readonly kind = 'hnsw';
  readonly dimension: number;
  /** What came since the base was built. */
  readonly beside: MemoryRows;
  private readonly scan: ExactSearch;
  private readonly threads: number;
  private readonly exactBelow: number;
  /** A byte for each row of the base: 1 where it is no longer valid. Replaced, not changed, while searches read it. */
  private dead: Uint8Array;
  private searches = 0;
  private closing = false;
  /** Rows of the base that are no longer valid. */
  tombstones = 0;

  constructor(
    private readonly base: HnswBase,
    { threads = threadCount(), exactBelow = fewVectors }: HnswIndexOptions = {},
  ) {
    this.dimension = base.rows.dimension;
    this.threads = threads;
    this.exactBelow = exactBelow;
    this.beside = new MemoryRows(this.dimension);
    this.scan = new ExactSearch(this.dimension, threads);
    this.dead = new Uint8Array(base.rows.count);
  }

  get size(): number {
    return this.base.rows.count - this.tombstones + this.beside.count;
  }

  get quantization(): Quantization | undefined {
    return this.base.graph?.quantization;
  }

  upsert(ids: Uint32Array, vectors: Float32Array): void {
    checkRows('upsert to an index', ids, vectors, this.dimension);
    this.bury(ids);
    this.beside.upsert(ids, vectors);
  }

  remove(ids: Uint32Array): void {
    this.bury(ids);
    this.beside.remove(ids);
  }

  async search(
    queries: Float32Array,
    k: number,
    { among, signal }: IndexSearchOptions = {},
  ): Promise<IndexHit[][]> {
    checkQueries(queries, k, this.dimension);
    // Both halves are taken at once: an update between them would be seen by one of them only.
    const beside = this.beside.pin();
    const { dead, tombstones } = this;
    this.searches++;
    try {
      const inBase = await this.searchBase(queries, k, { dead, tombstones }, { among, signal });
      const rows = among && rowsOf(among, beside.ids);
      const found = await this.scan.search(beside, queries, k, { rows, signal });
      return inBase.map((hits, query) =>
        merged(hitsOf(hits, this.base.rows), hitsOf(found[query]!, beside), k),
      );
    } finally {
      beside.release();
      this.searches--;
      if (this.closing) await this.closeIfIdle();
    }
  }

  async close(): Promise<void> {
    this.closing = true;
    await this.closeIfIdle();
  }

  private async closeIfIdle(): Promise<void> {
    if (this.searches > 0) return;
    await this.base.rows.close?.();
    await this.scan.release();
  }

  private bury(ids: Uint32Array): void {
    let own = this.searches === 0;
    for (const id of ids) {
      const row = placeOf(id, this.base.rows.ids);
      if (row < 0 || this.dead[row] === 1) continue;
      if (!own) this.dead = this.dead.slice();
      own = true;
      this.dead[row] = 1;
      this.tombstones++;
    }
  }

  private async searchBase(
    queries: Float32Array,
    k: number,
    { dead, tombstones }: Graves,
    { among, signal }: IndexSearchOptions,
  ): Promise<FoundRow[][]> {
    const { rows, graph } = this.base;
    const live = rows.count - tombstones;
    if (live === 0) return Array.from({ length: queries.length / this.dimension }, () => []);
    if (among || !graph || live <= this.exactBelow || k * 8 > live) {
      const chosen = among
        ? rowsOf(among, rows.ids).filter((row) => dead[row] === 0)
        : tombstones > 0
          ? liveRows(dead)
          : undefined;
      const found = await this.scan.search(rows, queries, k, { rows: chosen, signal });
      rows.loadIfWorthIt?.();
      return found;
    }
    const found: FoundRow[][] = [];
    const step = queriesAtOnce * this.dimension;
    for (let at = 0; at < queries.length; at += step) {
      signal?.throwIfAborted();
      // The graph's calls block; others may have a turn between them.
      if (at > 0) await nextTurn();
      for (const hits of this.walkGraph(graph, queries.subarray(at, at + step), k, dead, live))
        found.push(hits);
      rows.loadIfWorthIt?.(mostBytesForScoring);
    }
    return found;
  }

  private walkGraph(
    graph: HnswGraph,
    queries: Float32Array,
    k: number,
    dead: Uint8Array,
    live: number,
  ): FoundRow[][] {
    const { dimension } = this;
    const { rows, expansion } = this.base;
    const scored = scoredAgain(k, graph.quantization);
    const found: FoundRow[][] = [];
    // As many of the live ones as there would be if no row had become invalid.
    let wanted = Math.ceil((Math.max(expansion, scored) * rows.count) / live);
    let open = Array.from({ length: queries.length / dimension }, (_, query) => query);
    while (open.length > 0) {
      wanted = Math.min(wanted, rows.count);
      const asked =
        open.length * dimension === queries.length
          ? queries
          : Float32Array.from(
              open.flatMap((query) => [...queries.subarray(query * dimension, (query + 1) * dimension)]),
            );
      const { keys, counts } = graph.candidates(asked, wanted, this.threads);
      const again: number[] = [];
      for (const [i, query] of open.entries()) {
        const from = i * wanted;
        const valid = keys.subarray(from, from + counts[i]!).filter((row) => dead[row] === 0);
        if (valid.length < Math.min(k, live) && wanted < rows.count) again.push(query);
        else {
          const some = valid.subarray(0, scored).sort();
          found[query] = nearestOf(rows, queries, query, some, k, dimension);
        }
      }
      open = again;
      wanted *= 4;
    }
    return found;
  }
}

/** What is no longer valid of a base, as of one moment. */
interface Graves {
  readonly dead: Uint8Array;
  readonly tombstones: number;
}

/**
 * How many of the graph's candidates are scored by their float32 vectors for the k nearest: the less precise its own copy, the
 * farther the order that it sees may be off.
 */
export function scoredAgain(k: number, quantization: Quantization): number {
  return { f32: k + 6, bf16: 2 * k + 12, i8: 4 * k + 24 }[quantization];
}

function hitsOf(found: readonly FoundRow[], { ids }: RowStore | PinnedRows): IndexHit[] {
  return found.map(({ row, score }) => ({ id: ids[row]!, score }));
}

/** The k best of two lists, each in order. */
function merged(a: readonly IndexHit[], b: readonly IndexHit[], k: number): IndexHit[] {
  if (b.length === 0) return a.slice(0, k);
  return [...a, ...b].sort((x, y) => y.score - x.score || x.id - y.id).slice(0, k);
}

function liveRows(dead: Uint8Array): Uint32Array {
  const rows = new Uint32Array(dead.length);
  let count = 0;
  for (let row = 0; row < dead.length; row++) if (dead[row] === 0) rows[count++] = row;
  return rows.subarray(0, count);
}
