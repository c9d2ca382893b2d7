import { BestRows } from './best-rows.js';
import { type BlockBest, blocksAtOnce, groupSize, ScanPrograms } from './scan-programs.js';

/** Fewer queries than this are answered as fast by comparing all products. */
const manyQueries = 32;
/** Bound on the products of one block, in elements (8 MB): they are read again at once, and should still be near. */
const productsAtOnce = 2 ** 21;
/** Numbers of queries that are no multiple of it are multiplied at two thirds of the speed. */
const evenQueries = 16;

/** Whether it is worth going through groups: all rows of those that are found are scored one by one. */
export function worthGroups(
  queries: number,
  { rows, k, dimension }: { readonly rows: number; readonly k: number; readonly dimension: number },
): boolean {
  const found = ScanPrograms.roundedCount(k) ?? Number.POSITIVE_INFINITY;
  return queries >= manyQueries && rows >= blocksAtOnce * groupSize && rows >= found * groupSize * dimension;
}

/** What goes through groups: `ScanPrograms`, or `BytePrograms` for rows of bytes. */
export interface GroupPrograms<T> {
  readonly dimension: number;
  bestGroups(columns: Float32Array, blocks: readonly T[], k: number): Promise<BlockBest>;
}

/**
 * For each of many queries, the groups of rows with the largest products, and a bound on those of all others. `groupSize` rows that
 * follow one another are a group, which is named by the first of them and has the largest of their products. Rows behind the last
 * whole group are not looked at.
 *
 * @param matrix [rows, dimension]
 * @param queries float32 [queries, dimension]
 * @param options.atOnce groups that are looked for in each block of rows, few enough to be worth it
 * @param options.capacity groups to keep for each query
 */
export async function bestGroups<T extends Float32Array | Uint8Array>(
  programs: GroupPrograms<T>,
  matrix: T,
  queries: Float32Array,
  options: { readonly atOnce: number; readonly capacity: number; readonly signal?: AbortSignal },
): Promise<BestRows[]> {
  const { dimension } = programs;
  const count = queries.length / dimension;
  const columns = asColumns(queries, count, dimension);
  const k = ScanPrograms.roundedCount(options.atOnce)!;
  const best = Array.from({ length: count }, () => new BestRows(Math.max(k, options.capacity)));
  const groups = Math.floor(matrix.length / (groupSize * dimension));
  const groupsAtOnce = blocksAtOnce * powerOfTwoUpTo(productsAtOnce / (count * groupSize));
  // What is left over goes with the last of the others, unless it is half as much as those.
  const runs = Math.max(1, Math.round(groups / groupsAtOnce));
  for (let run = 0; run < runs; run++) {
    options.signal?.throwIfAborted();
    const first = run * groupsAtOnce;
    const to = run === runs - 1 ? groups : first + groupsAtOnce;
    const length = groupSize * dimension;
    const blocks = inParts(matrix.subarray(first * length, to * length) as T, blocksAtOnce, length);
    const { scores, rows } = await programs.bestGroups(columns, blocks, k);
    const found = { count: k, rowAt: (i: number) => (first + rows[i]!) * groupSize, isAll: false };
    for (const [query, kept] of best.entries()) kept.offerBest(scores, { from: query * k, ...found });
  }
  return best;
}

/** Rows of some groups, in their order. */
export function rowsOfGroups(groups: Uint32Array): Uint32Array {
  const rows = new Uint32Array(groups.length * groupSize);
  let at = 0;
  for (const first of groups) for (let row = first; row < first + groupSize; row++) rows[at++] = row;
  return rows;
}

/** Rows behind the last whole group of all. */
export function rowsBehindGroups(count: number): Uint32Array {
  const left = count % groupSize;
  return Uint32Array.from({ length: left }, (_, i) => count - left + i);
}

/** Blocks of such numbers of rows are multiplied the fastest. */
function powerOfTwoUpTo(most: number): number {
  return 2 ** Math.max(0, Math.floor(Math.log2(most)));
}

/** An array in parts of about one length, each a multiple of `unit`. */
function inParts<T extends Float32Array | Uint8Array>(array: T, parts: number, unit: number): T[] {
  const units = array.length / unit;
  const startOf = (part: number) => Math.floor((part * units) / parts) * unit;
  return Array.from({ length: parts }, (_, part) => array.subarray(startOf(part), startOf(part + 1)) as T);
}

/** float32 [dimension, queries], with queries of zeros behind up to an even number. */
function asColumns(queries: Float32Array, count: number, dimension: number): Float32Array {
  const width = Math.ceil(count / evenQueries) * evenQueries;
  const columns = new Float32Array(dimension * width);
  for (let query = 0, at = 0; query < count; query++)
    for (let i = 0; i < dimension; i++, at++) columns[i * width + query] = queries[at]!;
  return columns;
}
