import { closeSync, existsSync, openSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import type { Index } from 'usearch';
import { ImagekinError, messageOf } from '../../core/errors.js';
import type { Quantization } from './quantization.js';
import { lowWords, wordsOf } from './wide-integers.js';

/** Links of a node on each level; twice as many on the lowest (Malkov and Yashunin 2018: M). */
export const connectivity = 16;
/** Candidates that are kept while a node is linked in (ibid.: efConstruction). */
const expansionWhenAdding = 128;
/** Threads that add to fewer nodes do not see each other's, and leave some of them with hardly a link. */
const fewNodes = 1024;

export interface Candidates {
  /** uint32 [queries, wanted]: keys by falling nearness as the graph sees it; only the first `counts` of each count. */
  readonly keys: Uint32Array;
  readonly counts: Uint32Array;
}

/**
 * A hierarchical navigable small world graph (Malkov and Yashunin 2018) by usearch, over unit vectors. It knows rows by
 * their numbers and hands out candidates. All of its calls block the thread.
 */
export class HnswGraph {
  private constructor(
    private readonly index: Index,
    readonly dimension: number,
    readonly quantization: Quantization,
    private readonly mostThreads: number,
  ) {}

  /** @param mostThreads so many add, and no more search at a time: usearch sets memory aside for each */
  static async create(
    dimension: number,
    quantization: Quantization,
    mostThreads = availableParallelism(),
  ): Promise<HnswGraph> {
    const { Index, MetricKind, ScalarKind } = await loadUsearch();
    const index = new Index({
      dimensions: dimension,
      // Inner products of integers that were scaled each by its own length are no cosines.
      metric: quantization === 'i8' ? MetricKind.Cos : MetricKind.IP,
      quantization: { f32: ScalarKind.F32, bf16: ScalarKind.BF16, i8: ScalarKind.I8 }[quantization],
      connectivity,
      expansion_add: expansionWhenAdding,
      // The least, as every search says by `wanted` how far it looks.
      expansion_search: 1,
      multi: false,
    });
    return new HnswGraph(index, dimension, quantization, mostThreads);
  }

  /**
   * Maps a saved graph into memory. usearch takes the process down with it over a damaged file: check it before.
   *
   * Where it cannot open one, it closes file descriptor 0, whoever has that by then, be it stdin or a database. Another process
   * may remove a file at any moment, so usearch is given one that is held open.
   * @throws whatever usearch does, and where there is no such file
   */
  static async view(path: string, dimension: number, quantization: Quantization): Promise<HnswGraph> {
    const graph = await HnswGraph.create(dimension, quantization);
    const held = openSync(path, 'r');
    try {
      const sure = `/dev/fd/${held}`;
      graph.index.view(process.platform !== 'win32' && existsSync(sure) ? sure : path);
    } finally {
      closeSync(held);
    }
    return graph;
  }

  get size(): number {
    return this.index.size();
  }

  /** @param vectors float32 [keys, dimension] */
  add(keys: Uint32Array, vectors: Float32Array): void {
    const oneByOne = Math.max(0, Math.min(keys.length, fewNodes - this.size));
    for (let at = 0, to: number; at < keys.length; at = to) {
      to = at < oneByOne ? at + 1 : keys.length;
      const wide = new BigUint64Array(wordsOf(keys.subarray(at, to)));
      this.index.add(wide, vectors.subarray(at * this.dimension, to * this.dimension), this.mostThreads);
    }
  }

  /**
   * @param queries float32 [queries, dimension]
   * @param wanted candidates of each query; also how many the search keeps while it walks (efSearch), so more are better ones
   */
  candidates(queries: Float32Array, wanted: number, threads: number): Candidates {
    const count = queries.length / this.dimension;
    // usearch answers one query in another form than several, and starts threads for it that have nothing to do.
    const found = this.index.search(
      queries,
      wanted,
      Math.min(threads, count, this.mostThreads),
    ) as unknown as {
      readonly keys: BigUint64Array;
      readonly counts?: BigUint64Array;
    };
    const counts = found.counts ? lowWords(found.counts) : Uint32Array.of(found.keys.length);
    return { keys: lowWords(found.keys), counts };
  }

  save(path: string): void {
    this.index.save(path);
  }
}

/** Whether usearch can be loaded here. */
export async function hnswAvailable(): Promise<boolean> {
  return loadUsearch().then(
    () => true,
    () => false,
  );
}

let loading: Promise<typeof import('usearch')> | undefined;

/** usearch, an optional dependency: there are machines that it has no build for. @throws `index-unavailable` without it */
export function loadUsearch(): Promise<typeof import('usearch')> {
  loading ??= import('usearch').catch((cause: unknown) => {
    throw new ImagekinError('index-unavailable', {
      where: "index 'hnsw'",
      expected: "the package 'usearch'",
      got: messageOf(cause),
      fix: "install it beside imagekin with 'npm install usearch@2.25', or use the index 'exact'",
      cause,
    });
  });
  return loading;
}
