import type { ImageFacts } from '../image/decoded-image.js';

/** An image on its way into a model. */
export type LoadedImage = LoadedPixels | SmallJpeg;

/** At the size that the model takes. */
export interface LoadedPixels {
  /** uint8 [height, width, 3] */
  readonly pixels: Uint8Array;
  /** Where it is a file. */
  readonly facts?: ImageFacts;
  /** Whether they lie in memory of their own that can be transferred to another thread. Default false. */
  readonly isTransferable?: boolean;
}

/** A file that is decoded where the model runs. */
export interface SmallJpeg {
  readonly jpeg: Uint8Array;
  /** Does that elsewhere, and tells what is wrong with it. */
  decode(): Promise<LoadedPixels>;
}

export interface EmbeddedImage {
  /** float32 [dimension] */
  readonly vector: Float32Array;
  readonly facts?: ImageFacts;
}

/** Rows of float32 [count, dimension], each a view. */
export function rowsOf(embeddings: Float32Array, count: number): Float32Array[] {
  const dimension = embeddings.length / Math.max(1, count);
  return Array.from({ length: count }, (_, row) =>
    embeddings.subarray(row * dimension, (row + 1) * dimension),
  );
}
