import { input } from './ops/input.js';
import { matmul } from './ops/matmul.js';
import { topK } from './ops/top-k.js';
import { Program } from './program.js';

export interface NeighbourRequest {
  /** float32 [q, dimension] */
  readonly queries: Float32Array;
  /** float32 [g, dimension] */
  readonly gallery: Float32Array;
  readonly dimension: number;
  /** Neighbours per query. */
  readonly k: number;
  /** Leave-one-out: queries and gallery are the same vectors, and a query is not its own neighbour. */
  readonly excludeSelf?: boolean;
  /** Default: all cores. */
  readonly threads?: number;
  readonly signal?: AbortSignal;
}

/** The neighbours of some consecutive queries. */
export interface NeighbourBlock {
  /** Index of the first query of the block. */
  readonly firstQuery: number;
  readonly queryCount: number;
  readonly k: number;
  /** int32 [queryCount, k]: gallery indices, nearest first, the lower index first on ties; −1 past the gallery's end. */
  readonly indices: Int32Array;
  /** float32 [queryCount, k]: dot products; −∞ past the gallery's end. */
  readonly scores: Float32Array;
}

/** Bound on the score matrix of one block, in elements (64 MB). */
const scoresPerBlock = 2 ** 24;
const mostQueriesPerBlock = 512;

/**
 * Exact k nearest neighbours by dot product (cosine similarity for unit vectors): one matrix product and one top-k per
 * block of queries. Memory is bounded by the block, whatever the number of queries. A query is left out of its own
 * neighbours by its index, never by its rank, so that a duplicate image counts as a neighbour.
 *
 * @returns the blocks in order of the queries
 */
export async function* nearestNeighbours(request: NeighbourRequest): AsyncGenerator<NeighbourBlock> {
  const { queries, gallery, dimension, k, excludeSelf = false, threads, signal } = request;
  const galleryCount = gallery.length / dimension;
  const queryCount = queries.length / dimension;
  if (queryCount === 0) return;
  // One more than asked for, as the query itself may be among them.
  const wanted = Math.min(k + (excludeSelf ? 1 : 0), galleryCount);
  const perBlock = Math.max(
    1,
    Math.min(mostQueriesPerBlock, Math.floor(scoresPerBlock / Math.max(1, galleryCount))),
  );
  const program =
    galleryCount > 0 ? await compileSearch(galleryCount, dimension, wanted, threads) : undefined;
  try {
    for (let firstQuery = 0; firstQuery < queryCount; firstQuery += perBlock) {
      signal?.throwIfAborted();
      const count = Math.min(perBlock, queryCount - firstQuery);
      const indices = new Int32Array(count * k).fill(-1);
      const scores = new Float32Array(count * k).fill(Number.NEGATIVE_INFINITY);
      if (program) {
        const block = queries.subarray(firstQuery * dimension, (firstQuery + count) * dimension);
        const found = await program.run({ queries: block, gallery });
        const foundIndices = found.indices as BigInt64Array;
        const foundScores = found.scores as Float32Array;
        for (let row = 0; row < count; row++) {
          let to = row * k;
          for (let from = row * wanted; from < (row + 1) * wanted && to < (row + 1) * k; from++) {
            const neighbour = Number(foundIndices[from]);
            if (excludeSelf && neighbour === firstQuery + row) continue;
            indices[to] = neighbour;
            scores[to++] = foundScores[from]!;
          }
        }
      }
      yield { firstQuery, queryCount: count, k, indices, scores };
    }
  } finally {
    await program?.release();
  }
}

function compileSearch(
  galleryCount: number,
  dimension: number,
  k: number,
  threads: number | undefined,
): Promise<Program> {
  const queries = input('queries', 'float32', ['Q', dimension]);
  const gallery = input('gallery', 'float32', [galleryCount, dimension]);
  const { values, indices } = topK(matmul(queries, gallery, { transposeB: true }), k);
  return Program.compile({ outputs: { scores: values, indices } }, { threads });
}
