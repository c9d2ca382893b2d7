import { setImmediate as nextTurn } from 'node:timers/promises';
import type { OnProgress } from '../../core/progress.js';
import { Random } from '../../core/random.js';
import { threadCount } from '../../engine/index.js';
import { ExactSearch, type FoundRow, nearestOf } from './exact-search.js';
import { HnswGraph } from './hnsw-graph.js';
import { scoredAgain } from './hnsw-index.js';
import type { Quantization } from './quantization.js';
import type { RowStore } from './row-store.js';

export interface BuildHnswOptions {
  /** Default `bf16`. */
  readonly quantization?: Quantization;
  readonly threads?: number;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

/** What a graph finds of what there is to find. */
export interface MeasuredRecall {
  /** Share of the 10 nearest that the 10 found first are, in the mean over the queries. */
  readonly recallAt10: number;
  /** Vectors of the user's own that were asked for before they were in the graph. */
  readonly queries: number;
  /** Share of vectors in the graph that are found by themselves: the picture that one has and looks for. */
  readonly foundItself: number;
}

export interface BuiltHnsw {
  readonly graph: HnswGraph;
  /** Candidates that a search looks at. */
  readonly expansion: number;
  /** Left out where there are too few vectors to tell. */
  readonly recall?: MeasuredRecall;
}

const rowsAtOnce = 1024;
const queryCount = 200;
const k = 10;
/** Somewhat more than the 0.95 that we are after, as it is measured on a sample. */
const wantedRecall = 0.96;
/** A vector far from all others is nobody's near neighbour, so few links lead to it: looking for itself, it wants to be sought longer. */
const wantedSelf = 0.99;
/** Some cannot be reached however long they are sought, and every search pays for it: with this expansion it is enough. */
const mostForSelf = 256;
/**
 * Expansions that are tried, in this order, until one is enough. The last is taken if none is. A step too far costs every search
 * what it is longer, so steps are an eighth to a quarter.
 */
const expansions = [
  32, 40, 48, 56, 64, 72, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384, 448, 512, 640, 768, 1024,
];
/** Where there are too few rows to find out. */
const untried = 64;

/**
 * Builds a graph of all rows, and finds out how many candidates a search of it must look at on these very vectors.
 *
 * The sample is withheld until all others are in: a vector that is in the graph already is found with its neighbours all too
 * easily, as it is linked to them.
 */
export async function buildHnsw(rows: RowStore, options: BuildHnswOptions = {}): Promise<BuiltHnsw> {
  const { quantization = 'bf16', threads = threadCount(), onProgress = () => {}, signal } = options;
  const graph = await HnswGraph.create(rows.dimension, quantization, threads);
  const withheld = rows.count >= 10 * queryCount ? sample(rows.count) : new Uint32Array(0);
  const scratch = new Float32Array(rowsAtOnce * rows.dimension);
  for (let from = 0, held = 0; from < rows.count; from += rowsAtOnce) {
    signal?.throwIfAborted();
    const to = Math.min(rows.count, from + rowsAtOnce);
    const some = new Uint32Array(to - from);
    let count = 0;
    for (let row = from; row < to; row++)
      if (row === withheld[held]) held++;
      else some[count++] = row;
    add(graph, rows, some.subarray(0, count), scratch);
    onProgress({ task: 'building the index', done: to, total: rows.count, unit: 'vectors' });
    await nextTurn();
  }
  if (withheld.length === 0) return { graph, expansion: untried };
  const tuned = await tune(graph, rows, withheld, threads, signal);
  add(graph, rows, withheld, scratch);
  return { graph, ...tuned };
}

function add(graph: HnswGraph, rows: RowStore, some: Uint32Array, scratch: Float32Array): void {
  if (some.length === 0) return;
  const vectors = scratch.subarray(0, some.length * rows.dimension);
  rows.gather(some, vectors);
  graph.add(some, vectors);
}

async function tune(
  graph: HnswGraph,
  rows: RowStore,
  withheld: Uint32Array,
  threads: number,
  signal: AbortSignal | undefined,
): Promise<Omit<BuiltHnsw, 'graph'>> {
  const queries = new Float32Array(withheld.length * rows.dimension);
  rows.gather(withheld, queries);
  const nearest = await nearestOthers(rows, queries, withheld, threads, signal);
  const members = others(withheld, rows.count);
  const themselves = new Float32Array(members.length * rows.dimension);
  rows.gather(members, themselves);
  const least = scoredAgain(k, graph.quantization);
  let tuned: Omit<BuiltHnsw, 'graph'> = { expansion: least };
  for (const expansion of expansions) {
    if (expansion < least && expansion !== expansions.at(-1)) continue;
    signal?.throwIfAborted();
    const recallAt10 = recallOf(graph, rows, queries, nearest, expansion, threads);
    const foundItself = shareFound(graph, rows, members, themselves, expansion, threads);
    tuned = { expansion, recall: { recallAt10, queries: withheld.length, foundItself } };
    if (recallAt10 >= wantedRecall && (foundItself >= wantedSelf || expansion >= mostForSelf)) break;
    await nextTurn();
  }
  return tuned;
}

/** The k nearest of each query that the graph can know. */
async function nearestOthers(
  rows: RowStore,
  queries: Float32Array,
  withheld: Uint32Array,
  threads: number,
  signal: AbortSignal | undefined,
): Promise<FoundRow[][]> {
  const scan = new ExactSearch(rows.dimension, threads);
  try {
    // Some of those withheld may be neighbours of each other; few of them are so many neighbours of one.
    const found = await scan.search(rows, queries, 3 * k, { signal });
    const unknown = new Set(withheld);
    return found.map((hits) => hits.filter(({ row }) => !unknown.has(row)).slice(0, k));
  } finally {
    await scan.release();
  }
}

/** As many rows as are withheld that are none of them, ascending: the one behind each, or behind that. */
function others(withheld: Uint32Array, count: number): Uint32Array {
  const taken = new Set(withheld);
  return withheld
    .map((row) => {
      let other = row;
      while (taken.has(other)) other = (other + 1) % count;
      taken.add(other);
      return other;
    })
    .sort();
}

/** Of some rows of the graph the share that its own vector finds, or finds one as near: a copy of it. */
function shareFound(
  graph: HnswGraph,
  rows: RowStore,
  members: Uint32Array,
  vectors: Float32Array,
  expansion: number,
  threads: number,
): number {
  const { keys, counts } = graph.candidates(vectors, expansion, threads);
  const scored = scoredAgain(1, graph.quantization);
  const nearest = (query: number, some: Uint32Array) =>
    nearestOf(rows, vectors, query, some, 1, rows.dimension)[0]?.score ?? Number.NEGATIVE_INFINITY;
  let found = 0;
  for (const [query, row] of members.entries()) {
    const from = query * expansion;
    const some = keys.slice(from, from + Math.min(scored, counts[query]!)).sort();
    if (nearest(query, some) >= nearest(query, Uint32Array.of(row))) found++;
  }
  return found / members.length;
}

/** Of equally near ones it does not matter which were found, so scores are compared, not rows. */
function recallOf(
  graph: HnswGraph,
  rows: RowStore,
  queries: Float32Array,
  nearest: readonly (readonly FoundRow[])[],
  expansion: number,
  threads: number,
): number {
  const { keys, counts } = graph.candidates(queries, expansion, threads);
  const scored = scoredAgain(k, graph.quantization);
  let share = 0;
  for (const [query, expected] of nearest.entries()) {
    if (expected.length === 0) {
      share++;
      continue;
    }
    const from = query * expansion;
    const some = keys.slice(from, from + Math.min(scored, counts[query]!)).sort();
    const found = nearestOf(rows, queries, query, some, expected.length, rows.dimension);
    const last = expected.at(-1)!.score;
    share += found.filter(({ score }) => score >= last).length / expected.length;
  }
  return share / nearest.length;
}

function sample(count: number): Uint32Array {
  return Uint32Array.from(Random.of(count, 'queries that measure recall').sample(queryCount, count)).sort();
}
