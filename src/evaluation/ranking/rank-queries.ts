import { similarityBlocks } from '../../engine/similarity-blocks.js';
import { MetricColumns } from '../metric-columns.js';
import type { ClassOrder } from './class-order.js';
import { NearestInRow } from './nearest-in-row.js';
import { PositiveRanks } from './positive-ranks.js';

/** What is to be ranked: plain data, so that it can be handed to a thread. */
export interface RankingTask {
  /** float32 [q, dimension] */
  readonly queries: Float32Array;
  /** int32 [q] */
  readonly queryLabels: Int32Array;
  /** float32 [g, dimension], in class order. */
  readonly gallery: Float32Array;
  readonly order: ClassOrder;
  readonly dimension: number;
  /** The gallery's index of the first query where queries and gallery are the same items, else `null`. */
  readonly firstInGallery: number | null;
  /** The k of the metrics that have one. */
  readonly ks: readonly number[];
  /** Neighbours to be listed per query. */
  readonly neighbours: number;
}

/** What came of some consecutive queries. */
export interface RankedBlock {
  readonly firstQuery: number;
  readonly queryCount: number;
  /** float64 [queryCount, columns], by `MetricColumns`; NaN for queries whose class the gallery has no other item of. */
  readonly values: Float64Array;
  /** int32 [queryCount, neighbours]: gallery indices, nearest first, the lower index first on ties; −1 past the end. */
  readonly indices: Int32Array;
  /** float32 [queryCount, neighbours]: dot products; −∞ past the end. */
  readonly scores: Float32Array;
}

/**
 * Ranks the gallery for every query and keeps what the metrics need of each ranking. One pass over blocks of similarities:
 * no ranking is held whole.
 */
export async function* rankQueries(
  task: RankingTask,
  options: { readonly threads?: number; readonly signal?: AbortSignal } = {},
): AsyncGenerator<RankedBlock> {
  const { queries, queryLabels, gallery, order, dimension, firstInGallery, ks, neighbours } = task;
  const columns = new MetricColumns(ks);
  const positives = new PositiveRanks(order);
  const nearest = new NearestInRow(order, neighbours);
  const galleryCount = order.indexAt.length;
  for await (const block of similarityBlocks({ queries, gallery, dimension, ...options })) {
    const { firstQuery, queryCount } = block;
    const values = new Float64Array(queryCount * columns.count);
    const indices = new Int32Array(queryCount * neighbours);
    const scores = new Float32Array(queryCount * neighbours);
    for (let i = 0; i < queryCount; i++) {
      const query = firstQuery + i;
      const row = block.scores.subarray(i * galleryCount, (i + 1) * galleryCount);
      const self = firstInGallery === null ? -1 : order.positionOf[firstInGallery + query];
      const ranks = positives.of(row, queryLabels[query], self);
      if (ranks.length > 0) columns.write(ranks, values, i * columns.count);
      else values.fill(Number.NaN, i * columns.count, (i + 1) * columns.count);
      nearest.find(row, self, indices, scores, i * neighbours);
    }
    yield { firstQuery, queryCount, values, indices, scores };
  }
}
