import type { OnProgress } from '../../core/progress.js';
import { Random } from '../../core/random.js';
import { nearestNeighbours } from '../../engine/nearest-neighbours.js';
import type { LabelledEmbeddings } from '../labelled-embeddings.js';
import { type HalvedBy, selectEmbeddings } from './halves.js';
import type { ScoredPairs } from './scored-pairs.js';

export interface DrawOptions {
  readonly dimension: number;
  /** What the set was halved by, and so what is taken to be independent: classes, or single queries. */
  readonly clusterBy: HalvedBy;
  /** Default 0. */
  readonly seed?: number;
  /** Default: all cores. */
  readonly threads?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress;
}

export interface NeighbourPairsOptions extends DrawOptions {
  /** Neighbours per query. */
  readonly k: number;
  /** More images than this are thinned out as queries, never as gallery. Default 20,000. */
  readonly mostQueries?: number;
}

/**
 * Pairs as a search shows them: every image as a query with each of its `k` nearest others. The query is left out by
 * its index, so a duplicate counts as a neighbour. Queries that are alone in their class stay: all their hits are
 * wrong, as they would be in a search.
 *
 * The prior is what the set makes it. It rises with the images per class and falls with the number of classes, so a
 * calibration suits galleries made up like the set it was fitted on. It also falls with `k`: a first neighbour is right more
 * often than a tenth of the same score, so a calibration suits searches for about as many.
 *
 * @returns n = queries · min(k, images − 1) pairs; clusters are classes or images
 */
export async function neighbourPairs(
  set: LabelledEmbeddings,
  options: NeighbourPairsOptions,
): Promise<ScoredPairs> {
  const { dimension, clusterBy, k, mostQueries = 20_000, seed = 0, threads, signal, onProgress } = options;
  const { embeddings, labels } = set;
  const queries =
    labels.length <= mostQueries
      ? Int32Array.from(labels.keys())
      : Int32Array.from(Random.of(seed, 'calibration', 'queries').sample(mostQueries, labels.length)).sort();
  const perQuery = Math.max(0, Math.min(k, labels.length - 1));
  const count = queries.length * perQuery;
  const scores = new Float64Array(count);
  const same = new Uint8Array(count);
  const clusters = new Int32Array(count);
  const partners = new Int32Array(count);
  const clusterOf = (image: number) => (clusterBy === 'classes' ? labels[image] : image);
  const blocks = nearestNeighbours({
    queries: selectEmbeddings(set, queries, dimension).embeddings,
    gallery: embeddings,
    dimension,
    // The query itself is among them.
    k: perQuery + 1,
    threads,
    signal,
  });
  let to = 0;
  for await (const block of blocks) {
    for (let row = 0; row < block.queryCount; row++) {
      const query = queries[block.firstQuery + row];
      const end = to + perQuery;
      for (let from = row * block.k; to < end; from++) {
        const neighbour = block.indices[from];
        if (neighbour === query) continue;
        scores[to] = block.scores[from];
        same[to] = labels[neighbour] === labels[query] ? 1 : 0;
        clusters[to] = clusterOf(query);
        partners[to++] = clusterOf(neighbour);
      }
    }
    const done = block.firstQuery + block.queryCount;
    onProgress?.({ task: 'comparing', done, total: queries.length, unit: 'queries' });
  }
  return { scores, same, weights: new Float64Array(count).fill(1), clusters, partners };
}
