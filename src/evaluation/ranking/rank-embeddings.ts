import type { OnProgress } from '../../core/progress.js';
import type { NeighbourBlock } from '../../engine/nearest-neighbours.js';
import type { LabelledEmbeddings } from '../labelled-embeddings.js';
import { MetricColumns } from '../metric-columns.js';
import { classOrder, inClassOrder } from './class-order.js';
import { rankInThreads } from './rank-in-threads.js';

type Labelled = Pick<LabelledEmbeddings, 'embeddings' | 'labels'>;

export interface RankEmbeddingsRequest {
  /** The queries. */
  readonly test: Labelled;
  /** What is searched, its classes numbered as those of the queries. Left out: leave-one-out. */
  readonly gallery?: Labelled;
  readonly classCount: number;
  readonly dimension: number;
  /** The k of the metrics that have one. */
  readonly ks: readonly number[];
  /** Neighbours to be told of per query. */
  readonly neighbours: number;
  /** Told of the nearest of some queries, blocks in any order. */
  readonly onNeighbours: (block: NeighbourBlock) => void;
  /** Default: all cores. */
  readonly threads?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress;
}

/**
 * Ranks the gallery for every query.
 * @returns float64 [queries, columns], by `MetricColumns`; NaN for queries whose class the gallery has no other item of
 */
export async function rankEmbeddings(request: RankEmbeddingsRequest): Promise<Float64Array> {
  const { test, gallery = test, classCount, dimension, ks, neighbours: k, threads, signal } = request;
  const queryCount = test.labels.length;
  const columns = new MetricColumns(ks).count;
  const values = new Float64Array(queryCount * columns).fill(Number.NaN);
  if (gallery.labels.length === 0) return values;
  const order = classOrder(gallery.labels, classCount);
  let done = 0;
  await rankInThreads(
    {
      queries: test.embeddings,
      queryLabels: test.labels,
      gallery: inClassOrder(gallery.embeddings, dimension, order),
      order,
      dimension,
      firstInGallery: request.gallery === undefined ? 0 : null,
      ks,
      neighbours: k,
    },
    {
      threads,
      signal,
      onBlock({ firstQuery, queryCount: count, values: found, indices, scores }) {
        values.set(found, firstQuery * columns);
        request.onNeighbours({ firstQuery, queryCount: count, k, indices, scores });
        done += count;
        request.onProgress?.({ task: 'comparing', done, total: queryCount, unit: 'queries' });
      },
    },
  );
  return values;
}
