import { nearestNeighbours } from '../engine/index.js';

/** The nearest others of some images in an embedding. */
export interface Neighbourhoods {
  /** Neighbours per image. */
  readonly width: number;
  /** int32 [images, width]: nearest first; −1 past the last. */
  readonly indices: Int32Array;
  /** float32 [images, width]: cosines. */
  readonly cosines: Float32Array;
}

export interface NeighbourhoodOptions {
  /** Default: all cores. */
  readonly threads?: number;
  /** Told now and then how many images are done with. */
  readonly onProgress?: (done: number) => void;
  readonly signal?: AbortSignal;
}

/**
 * The nearest others of every image: exact, by the engine.
 * @param embeddings float32 [n, dimension], unit length
 * @param width how many of each; fewer where there are no more
 */
export function neighbourhoods(
  embeddings: Float32Array,
  dimension: number,
  width: number,
  options: NeighbourhoodOptions = {},
): Promise<Neighbourhoods> {
  const others = embeddings.length / dimension - 1;
  return nearest(embeddings, embeddings, dimension, Math.min(width, others), true, options);
}

/**
 * The nearest of a gallery to every query.
 * @param queries float32 [n, dimension], unit length
 * @param gallery float32 [g, dimension], unit length
 */
export function neighbourhoodsAmong(
  queries: Float32Array,
  gallery: Float32Array,
  dimension: number,
  width: number,
  options: NeighbourhoodOptions = {},
): Promise<Neighbourhoods> {
  return nearest(queries, gallery, dimension, Math.min(width, gallery.length / dimension), false, options);
}

async function nearest(
  queries: Float32Array,
  gallery: Float32Array,
  dimension: number,
  most: number,
  excludeSelf: boolean,
  { threads, onProgress, signal }: NeighbourhoodOptions,
): Promise<Neighbourhoods> {
  const width = Math.max(0, most);
  const count = queries.length / dimension;
  const indices = new Int32Array(count * width);
  const cosines = new Float32Array(count * width);
  if (width > 0)
    for await (const block of nearestNeighbours({
      queries,
      gallery,
      dimension,
      k: width,
      excludeSelf,
      threads,
      signal,
    })) {
      indices.set(block.indices, block.firstQuery * width);
      cosines.set(block.scores, block.firstQuery * width);
      onProgress?.(block.firstQuery + block.queryCount);
    }
  return { width, indices, cosines };
}
