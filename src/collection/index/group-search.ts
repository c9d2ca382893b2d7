import type { FoundRow } from './best-rows.js';
import { fewestByteRows } from './bytes/byte-copy.js';
import { rowsThatReach } from './bytes/byte-products.js';
import { BytePrograms } from './bytes/byte-programs.js';
import { encodeQueries } from './bytes/byte-queries.js';
import { type ByteRows, encodeRows } from './bytes/byte-rows.js';
import { largestQueryNumber } from './bytes/largest-query-number.js';
import { bestGroups } from './group-scan.js';
import { copyOfRows } from './memory-rows.js';
import { type FoundGroups, nearestInGroups } from './nearest-in-groups.js';
import { roundingBounds } from './rounding-bounds.js';
import type { RowStore } from './row-store.js';
import { type ScanPrograms, spareNeighbours } from './scan-programs.js';

/** By bytes more groups come into question than by floats. */
const groupsKeptByBytes = 128;
/** Of the few queries that these leave open so many groups are looked at. */
const mostGroups = 512;
/** Share of queries that are few. */
const fewOpen = 1 / 8;

/** Searches of many queries by groups of rows: first, where it is worth it, by bytes, and what these leave open by floats. */
export class GroupSearch {
  private readonly bytePrograms: BytePrograms;

  constructor(
    private readonly programs: ScanPrograms,
    threads?: number,
  ) {
    this.bytePrograms = new BytePrograms(programs.dimension, threads);
  }

  /**
   * @param store rows in memory
   * @param queries float32 [queries, dimension]
   * @returns for each query the k nearest rows of those that were looked at, and the queries to which others may be nearer
   */
  async search(
    store: RowStore,
    queries: Float32Array,
    k: number,
    signal?: AbortSignal,
  ): Promise<{ readonly found: FoundRow[][]; readonly open: readonly number[] }> {
    const { dimension } = this.programs;
    const matrix = store.matrix!;
    const count = queries.length / dimension;
    const found = new Array<FoundRow[]>(count);
    let open = Array.from({ length: count }, (_, query) => query);
    const search = async (groupsOf: (asked: Float32Array) => Promise<FoundGroups>) => {
      if (open.length === 0) return;
      const asked = copyOfRows(queries, dimension, Uint32Array.from(open));
      const lists = await nearestInGroups(matrix, asked, await groupsOf(asked), { k, dimension, signal });
      for (const [i, { nearest }] of lists.entries()) found[open[i]!] = nearest;
      open = open.filter((_, i) => !lists[i]!.isSettled);
    };
    const rows = await this.byteRows(store, count);
    if (rows) {
      await search((asked) => this.groupsByBytes(rows, asked, { groups: k + spareNeighbours, signal }));
      store.byteCopy!.found(count, open.length);
      if (open.length <= count * fewOpen)
        await search((asked) => this.groupsByBytes(rows, asked, { groups: mostGroups, signal }));
    }
    await search((asked) => this.groupsByFloats(matrix, asked, k, signal));
    return { found, open };
  }

  async release(): Promise<void> {
    await this.bytePrograms.release();
  }

  private async groupsByFloats(
    matrix: Float32Array,
    queries: Float32Array,
    k: number,
    signal: AbortSignal | undefined,
  ): Promise<FoundGroups> {
    const options = { atOnce: k + spareNeighbours, capacity: k + spareNeighbours, signal };
    const best = await bestGroups(this.programs, matrix, queries, options);
    return { best, unitOf: () => 1, slack: roundingBounds(queries, this.programs.dimension) };
  }

  private async groupsByBytes(
    rows: ByteRows,
    queries: Float32Array,
    { groups: atOnce, signal }: { readonly groups: number; readonly signal: AbortSignal | undefined },
  ): Promise<FoundGroups> {
    const { bytePrograms } = this;
    const { dimension, spreading } = bytePrograms;
    const largest = await largestQueryNumber();
    const { numbers, unit, slack } = encodeQueries(queries, dimension, spreading, rows, largest);
    const options = { atOnce, capacity: groupsKeptByBytes, signal };
    return {
      best: await bestGroups(bytePrograms, rows.bytes, numbers, options),
      unitOf: (query) => unit[query]!,
      slack,
      rowsThatReach: (least, query, groups) => {
        const asked = numbers.subarray(query * dimension, (query + 1) * dimension);
        return rowsThatReach(least, asked, rows.bytes, { groups, dimension });
      },
    };
  }

  /** The bytes of rows, where there are so many and so much was asked of them that it is worth it. */
  private async byteRows(
    { byteCopy, matrix, count }: RowStore,
    queries: number,
  ): Promise<ByteRows | undefined> {
    if (!byteCopy || !matrix || count < fewestByteRows) return undefined;
    if (!byteCopy.isWorthIt(queries) || byteCopy.pauses(queries)) return undefined;
    return byteCopy.rows(() => encodeRows(this.bytePrograms, matrix));
  }
}
