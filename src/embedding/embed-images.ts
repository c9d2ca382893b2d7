import type { OnProgress } from '../core/progress.js';
import type { Size } from '../image/image.js';
import type { ResizeRule } from '../image/resize-rule.js';
import type { Embedder } from './embedder.js';

/** What is embedded: anything that hands out pixels by index. */
export interface PixelSource {
  readonly name: string;
  readonly length: number;
  /** @returns uint8 [indices.length, size.height, size.width, 3] */
  pixels(indices: ArrayLike<number>, size: Size, rule?: ResizeRule): Promise<Uint8Array>;
}

const mostImages = 256;
const mostPixels = 32 * 224 * 224;

/** Feature maps of a batch are many times its pixels: of large images there are fewer in one. */
function batchSizeFor({ height, width }: Size): number {
  return Math.max(1, Math.min(mostImages, Math.floor(mostPixels / (height * width))));
}

/**
 * Embeds all images, batch by batch: what is in memory at once is one batch of pixels and the vectors.
 * @returns float32 [images.length, embedder.dimension]
 */
export async function embedImages(
  embedder: Embedder,
  images: PixelSource,
  { onProgress, signal }: { readonly onProgress?: OnProgress; readonly signal?: AbortSignal } = {},
): Promise<Float32Array> {
  const { inputSize, resize, dimension } = embedder;
  const batchSize = batchSizeFor(inputSize);
  const vectors = new Float32Array(images.length * dimension);
  for (let first = 0; first < images.length; first += batchSize) {
    signal?.throwIfAborted();
    const count = Math.min(batchSize, images.length - first);
    const indices = Int32Array.from({ length: count }, (_, i) => first + i);
    vectors.set(await embedder.embed(await images.pixels(indices, inputSize, resize)), first * dimension);
    onProgress?.({
      task: `embedding ${images.name}`,
      done: first + count,
      total: images.length,
      unit: 'images',
    });
  }
  return vectors;
}
