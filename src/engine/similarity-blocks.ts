import { input } from './ops/input.js';
import { matmul } from './ops/matmul.js';
import { Program } from './program.js';

export interface SimilarityRequest {
  /** float32 [q, dimension] */
  readonly queries: Float32Array;
  /** float32 [g, dimension], g > 0 */
  readonly gallery: Float32Array;
  readonly dimension: number;
  /** Default: all cores. */
  readonly threads?: number;
  readonly signal?: AbortSignal;
}

/** The similarities of some consecutive queries to the whole gallery. */
export interface SimilarityBlock {
  /** Index of the first query of the block. */
  readonly firstQuery: number;
  readonly queryCount: number;
  /** float32 [queryCount, g]: dot products, cosines where all vectors are of unit length. */
  readonly scores: Float32Array;
}

/** Bound on the scores of one block, in elements (32 MB). */
const scoresPerBlock = 2 ** 23;
/** Enough for the matrix product to be worth packing the gallery for it; larger blocks only take longer to hand over. */
const mostQueriesPerBlock = 128;

/**
 * Dot products of every query with every vector of the gallery: one matrix product per block of queries. Memory is
 * bounded by the block, whatever the number of queries.
 *
 * @returns the blocks in order of the queries
 */
export async function* similarityBlocks(request: SimilarityRequest): AsyncGenerator<SimilarityBlock> {
  const { queries, gallery, dimension, threads, signal } = request;
  const queryCount = queries.length / dimension;
  if (queryCount === 0) return;
  const galleryCount = gallery.length / dimension;
  const product = matmul(
    input('queries', 'float32', ['Q', dimension]),
    input('gallery', 'float32', [galleryCount, dimension]),
    { transposeB: true },
  );
  const program = await Program.compile({ outputs: { scores: product } }, { threads });
  try {
    const perBlock = Math.max(1, Math.min(mostQueriesPerBlock, Math.floor(scoresPerBlock / galleryCount)));
    for (let firstQuery = 0; firstQuery < queryCount; firstQuery += perBlock) {
      signal?.throwIfAborted();
      const count = Math.min(perBlock, queryCount - firstQuery);
      const block = queries.subarray(firstQuery * dimension, (firstQuery + count) * dimension);
      const { scores } = await program.run({ queries: block, gallery });
      yield { firstQuery, queryCount: count, scores: scores as Float32Array };
    }
  } finally {
    await program.release();
  }
}
