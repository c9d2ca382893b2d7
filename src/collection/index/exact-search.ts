import { BestRows, type FoundRow } from './best-rows.js';
import { dotProduct } from './dot-product.js';
import { dotProducts } from './dot-products.js';
import { worthGroups } from './group-scan.js';
import { GroupSearch } from './group-search.js';
import { copyOfRows } from './memory-rows.js';
import { roundingBounds } from './rounding-bounds.js';
import type { RowStore } from './row-store.js';
import { ScanPrograms, spareNeighbours } from './scan-programs.js';
import { Turns } from './turns.js';

export type { FoundRow } from './best-rows.js';

export interface ScanOptions {
  /** Only these rows, ascending. */
  readonly rows?: Uint32Array;
  readonly signal?: AbortSignal;
}

const queriesAtOnce = 256;
/** The more there are the fewer times all rows are gone through; what is held for them is small. */
const groupedQueriesAtOnce = 1024;
/** Bound on the scores of one block, in elements (64 MB). */
const scoresAtOnce = 2 ** 24;
/** Bound on rows that are copied for a product, in elements (32 MB). */
const copiedAtOnce = 2 ** 23;
/** Dot products that are quicker done here than handed over. */
const fewProducts = 512;

/**
 * Exact k nearest rows by dot product, to the last bit of float64.
 *
 * The engine's float32 products tell which rows come into question. Those are scored again in float64, and the k best of
 * them are the answer where no other can be better: the float32 product of two vectors, in whatever order it was added up,
 * is off by at most γ·|q|·|x|, γ = n·u/(1 − n·u), u = 2⁻²⁴ and n the dimension (Higham 2002, section 3.1). Where that leaves it open,
 * as among many copies of one image, all rows within the bound are scored in float64.
 *
 * Of many queries among many rows in memory, products of bytes tell it in less time (`GroupSearch`), with bounds of their own.
 *
 * Memory is bounded by a block, whatever the number of queries and rows; bytes, a quarter of the rows, are kept beside them.
 */
export class ExactSearch {
  readonly programs: ScanPrograms;
  private readonly groups: GroupSearch;
  private scratch = new Float32Array(0);
  private scratchTaken = false;

  constructor(
    readonly dimension: number,
    threads?: number,
  ) {
    this.programs = new ScanPrograms(dimension, threads);
    this.groups = new GroupSearch(this.programs, threads);
  }

  /**
   * @param queries float32 [queries, dimension], finite
   * @returns for each query its k nearest rows, or all where there are fewer
   */
  async search(
    store: RowStore,
    queries: Float32Array,
    k: number,
    { rows, signal }: ScanOptions = {},
  ): Promise<FoundRow[][]> {
    const found: FoundRow[][] = [];
    const count = queries.length / this.dimension;
    const most = this.goesByGroups(store, count, k, rows) ? groupedQueriesAtOnce : queriesAtOnce;
    const atOnce = Math.ceil(count / Math.ceil(count / most));
    for (let first = 0; first < count; first += atOnce) {
      signal?.throwIfAborted();
      const some = queries.subarray(first * this.dimension, Math.min(count, first + atOnce) * this.dimension);
      for (const hits of await this.searchSome(store, some, k, { rows, signal })) found.push(hits);
    }
    return found;
  }

  async release(): Promise<void> {
    await Promise.all([this.programs.release(), this.groups.release()]);
    this.scratch = new Float32Array(0);
  }

  private async searchSome(
    store: RowStore,
    queries: Float32Array,
    k: number,
    options: ScanOptions,
  ): Promise<FoundRow[][]> {
    const { dimension } = this;
    const queryCount = queries.length / dimension;
    const rowCount = options.rows?.length ?? store.count;
    const wanted = Math.min(k, rowCount);
    if (wanted === 0) return Array.from({ length: queryCount }, () => []);
    if (queryCount * rowCount <= fewProducts || rowCount <= wanted + spareNeighbours)
      return this.scoreAll(store, queries, wanted, options);

    if (this.goesByGroups(store, queryCount, wanted, options.rows)) {
      const { found, open } = await this.groups.search(store, queries, wanted, options.signal);
      return this.settled(store, queries, { found, open, k: wanted }, options);
    }
    const candidates = await this.candidates(store, queries, wanted, options);
    const slack = roundingBounds(queries, dimension);
    const open: number[] = [];
    const found: FoundRow[][] = [];
    const turns = new Turns(options.signal);
    for (const [query, best] of candidates.entries()) {
      const worth = worthScoring(best, wanted, slack[query]!);
      const nearest = nearestOf(store, queries, query, worth, wanted, dimension);
      if (!(best.bound + slack[query]! < nearest[wanted - 1]!.score)) open.push(query);
      found.push(nearest);
      await turns.after(worth.length * dimension);
    }
    return this.settled(store, queries, { found, open, k: wanted }, options);
  }

  /** What was found, and for the queries that float32 has left open what all rows are gone through for. */
  private async settled(
    store: RowStore,
    queries: Float32Array,
    { found, open, k }: { found: FoundRow[][]; open: readonly number[]; k: number },
    options: ScanOptions,
  ): Promise<FoundRow[][]> {
    if (open.length === 0) return found;
    const asked = copyOfRows(queries, this.dimension, Uint32Array.from(open));
    const slack = roundingBounds(asked, this.dimension);
    // What is not a number is not found.
    const kthOf = (query: number) => found[query]![k - 1]?.score ?? Number.NEGATIVE_INFINITY;
    const floors = open.map((query, i) => kthOf(query) - slack[i]!);
    const nearest = await this.scoreAbove(store, asked, floors, k, options);
    for (const [i, query] of open.entries()) found[query] = nearest[i]!;
    return found;
  }

  /** Whether groups of rows are gone through, for which these have to lie in memory. */
  private goesByGroups(store: RowStore, queries: number, k: number, rows: Uint32Array | undefined): boolean {
    const { dimension } = this;
    return (
      !rows &&
      store.matrix !== undefined &&
      worthGroups(queries, { rows: store.count, k: k + spareNeighbours, dimension })
    );
  }

  /** Rows that are likely to be the nearest, by the engine, and a bound on the float32 scores of all others. */
  private async candidates(
    store: RowStore,
    queries: Float32Array,
    wanted: number,
    options: ScanOptions,
  ): Promise<BestRows[]> {
    const queryCount = queries.length / this.dimension;
    const perBlock = ScanPrograms.roundedCount(wanted + spareNeighbours);
    const best = Array.from({ length: queryCount }, () => new BestRows(perBlock ?? wanted + spareNeighbours));
    for await (const block of this.blocks(store, queryCount, options)) {
      const { count, rowAt, picks } = block;
      if (perBlock === undefined || count < perBlock || picks) {
        const vectors = block.vectors();
        const scores = await this.programs.scores(queries, vectors);
        const width = vectors.length / this.dimension;
        for (const [query, kept] of best.entries()) {
          const from = query * width;
          let threshold = kept.threshold;
          for (let i = 0; i < count; i++) {
            const score = scores[from + (picks ? picks[i]! : i)]!;
            // Most are passed over by this one comparison.
            if (score > threshold) {
              kept.offer(rowAt(i), score);
              threshold = kept.threshold;
            } else if (score > kept.bound) kept.bound = score;
          }
        }
      } else {
        const { scores, rows } =
          block.selected && store.matrix
            ? await this.programs.bestAmong(queries, store.matrix, block.selected, perBlock)
            : await this.programs.best(queries, block.vectors(), perBlock);
        const found = { count: perBlock, rowAt: (i: number) => rowAt(rows[i]!), isAll: count === perBlock };
        for (const [query, kept] of best.entries())
          kept.offerBest(scores, { from: query * perBlock, ...found });
      }
    }
    return best;
  }

  /** All rows that reach a query's floor by float32, give or take what rounding may have taken, scored in float64. */
  private async scoreAbove(
    store: RowStore,
    queries: Float32Array,
    floors: readonly number[],
    k: number,
    options: ScanOptions,
  ): Promise<FoundRow[][]> {
    const { dimension } = this;
    const best = floors.map(() => new BestRows(k));
    for await (const { vectors, rowAt, count, picks } of this.blocks(store, floors.length, options)) {
      const block = vectors();
      const scores = await this.programs.scores(queries, block);
      const width = block.length / dimension;
      for (const [query, kept] of best.entries())
        for (let i = 0; i < count; i++) {
          const at = picks ? picks[i]! : i;
          if (scores[query * width + at]! >= floors[query]!)
            kept.offer(rowAt(i), dotProduct(queries, query * dimension, block, at * dimension, dimension));
        }
    }
    return best.map((kept) => kept.sorted());
  }

  /** Few rows: no program is worth its call. */
  private async scoreAll(
    store: RowStore,
    queries: Float32Array,
    k: number,
    options: ScanOptions,
  ): Promise<FoundRow[][]> {
    const { dimension } = this;
    const queryCount = queries.length / dimension;
    const best = Array.from({ length: queryCount }, () => new BestRows(k));
    for await (const { vectors, rowAt, count, picks } of this.blocks(store, queryCount, options)) {
      const block = vectors();
      for (const [query, kept] of best.entries())
        for (let i = 0; i < count; i++) {
          const at = (picks ? picks[i]! : i) * dimension;
          kept.offer(rowAt(i), dotProduct(queries, query * dimension, block, at, dimension));
        }
    }
    return best.map((kept) => kept.sorted());
  }

  /**
   * The rows to go through, in blocks that keep scores and copies bounded. Rows of a selection are copied together, but for
   * large shares of what lies in memory, where multiplying the others too costs less than copying.
   */
  private async *blocks(
    store: RowStore,
    queryCount: number,
    { rows, signal }: ScanOptions,
  ): AsyncGenerator<Block> {
    const { dimension } = this;
    const inMemory = store.matrix !== undefined;
    const whole = rows === undefined || (inMemory && queryCount <= 4 && rows.length * 2 > store.count);
    const copies = !whole || !inMemory;
    const total = whole ? store.count : rows.length;
    const most = Math.max(
      1,
      Math.min(Math.floor(scoresAtOnce / queryCount), copies ? Math.floor(copiedAtOnce / dimension) : total),
    );
    // Of one size all, so that none is left over with a few rows.
    const size = Math.ceil(total / Math.ceil(total / most));
    let lease: Lease | undefined;
    const scratch = () => {
      lease ??= this.leaseScratch(size * dimension);
      return lease.array;
    };
    try {
      for (let from = 0; from < total; from += size) {
        signal?.throwIfAborted();
        const to = Math.min(total, from + size);
        if (!whole) {
          const selected = rows.subarray(from, to);
          const vectors = () => {
            const block = scratch().subarray(0, selected.length * dimension);
            store.gather(selected, block);
            return block;
          };
          yield { vectors, selected, count: selected.length, rowAt: (i) => selected[i]! };
          continue;
        }
        const vectors = () => store.block(from, to, scratch);
        if (rows) {
          const inBlock = rows.subarray(lowerBound(rows, from), lowerBound(rows, to));
          const picks = inBlock.map((row) => row - from);
          yield { vectors, count: picks.length, rowAt: (i) => inBlock[i]!, picks };
        } else yield { vectors, count: to - from, rowAt: (i) => from + i };
      }
    } finally {
      lease?.giveBack();
    }
  }

  /** The scratch of this search, or, while another search has it, one of its own. */
  private leaseScratch(length: number): Lease {
    if (this.scratchTaken) return { array: new Float32Array(length), giveBack: () => {} };
    this.scratchTaken = true;
    if (this.scratch.length < length) this.scratch = new Float32Array(length);
    return {
      array: this.scratch.subarray(0, length),
      giveBack: () => {
        this.scratchTaken = false;
      },
    };
  }
}

interface Lease {
  readonly array: Float32Array;
  giveBack(): void;
}

interface Block {
  /** float32 [rows, dimension] */
  vectors(): Float32Array;
  /** The store's rows that it is made of, where they were chosen one by one. */
  readonly selected?: Uint32Array;
  /** Rows of it that count. */
  readonly count: number;
  /** The store's row of the i-th that counts. */
  rowAt(i: number): number;
  /** Where in the block those that count stand. All in a row where it is left out. */
  readonly picks?: Uint32Array;
}

/** Candidates that can be among the k nearest, for all rounding, ascending: the others are not looked at. */
function worthScoring(best: BestRows, k: number, slack: number): Uint32Array {
  const sorted = best.sorted();
  const floor = sorted[k - 1]!.score - 2 * slack;
  return Uint32Array.from(
    sorted.filter(({ score }, i) => i < k || score >= floor).map(({ row }) => row),
  ).sort();
}

/**
 * The k best of some rows by their float64 dot product with a query.
 * @param rows ascending
 */
export function nearestOf(
  store: RowStore,
  queries: Float32Array,
  query: number,
  rows: Uint32Array,
  k: number,
  dimension: number,
): FoundRow[] {
  const best = new BestRows(Math.min(k, rows.length));
  const found = (place: number, score: number) => best.offer(rows[place]!, score);
  if (store.matrix) {
    dotProducts(queries, query * dimension, store.matrix, { rows, dimension }, found);
  } else {
    const vectors = new Float32Array(rows.length * dimension);
    store.gather(rows, vectors);
    dotProducts(queries, query * dimension, vectors, { rows: rows.map((_, i) => i), dimension }, found);
  }
  return best.sorted();
}

/** How many of ascending rows lie below a row. */
function lowerBound(rows: Uint32Array, row: number): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (rows[middle]! < row) low = middle + 1;
    else high = middle;
  }
  return low;
}
