import type { OnProgress } from '../core/progress.js';
import type { Size } from '../image/image.js';
import type { ResizeRule } from '../image/resize-rule.js';
import { batchSizeFor } from './batch-size.js';
import type { Embedder } from './embedder.js';

/** What is embedded: anything that hands out pixels by index. */
export interface PixelSource {
  readonly name: string;
  readonly length: number;
  /** @returns uint8 [indices.length, size.height, size.width, 3] */
  pixels(indices: ArrayLike<number>, size: Size, rule?: ResizeRule): Promise<Uint8Array>;
}

export interface EmbedImagesOptions {
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

/**
 * Embeds all images, batch by batch: what is in memory at once is one batch of pixels and the vectors.
 * @returns float32 [images.length, embedder.dimension]
 */
export async function embedImages(
  embedder: Embedder,
  images: PixelSource,
  options: EmbedImagesOptions = {},
): Promise<Float32Array> {
  const vectors = new Float32Array(images.length * embedder.dimension);
  let at = 0;
  for await (const embeddings of embedBatches(embedder, images, options)) {
    vectors.set(embeddings, at);
    at += embeddings.length;
  }
  return vectors;
}

/**
 * The embeddings of the images from `first` on, batch by batch: float32 [batch, embedder.dimension] each.
 */
export async function* embedBatches(
  embedder: Embedder,
  images: PixelSource,
  { first: start = 0, onProgress, signal }: EmbedImagesOptions & { readonly first?: number } = {},
): AsyncGenerator<Float32Array> {
  const { inputSize, resize } = embedder;
  const batchSize = batchSizeFor(inputSize);
  for (let first = start; first < images.length; first += batchSize) {
    signal?.throwIfAborted();
    const count = Math.min(batchSize, images.length - first);
    const indices = Int32Array.from({ length: count }, (_, i) => first + i);
    yield await embedder.embed(await images.pixels(indices, inputSize, resize));
    onProgress?.({
      task: `embedding ${images.name}`,
      done: first + count,
      total: images.length,
      unit: 'images',
      startedWith: start,
    });
  }
}
