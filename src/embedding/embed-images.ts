import type { OnProgress } from '../core/progress.js';
import type { Size } from '../image/image.js';
import type { ImageLocation } from '../image/image-location.js';
import type { ResizeRule } from '../image/resize-rule.js';
import { batchSizeFor } from './batch-size.js';
import { embedDecoded } from './embed-decoded.js';
import type { Embedder } from './embedder.js';

/** What is embedded: anything that hands out pixels by index. */
export interface PixelSource {
  readonly name: string;
  readonly length: number;
  /** @returns uint8 [indices.length, size.height, size.width, 3] */
  pixels(indices: ArrayLike<number>, size: Size, rule?: ResizeRule): Promise<Uint8Array>;
  /** The file of an image, where pixels come from files: those are decoded while the model runs. */
  file?(index: number): ImageLocation;
}

export interface EmbedImagesOptions {
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

/**
 * Embeds all images, batch by batch: what is in memory at once is a few batches of pixels and the vectors.
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

/** The embeddings of the images from `first` on, batch by batch: float32 [batch, embedder.dimension] each. */
export async function* embedBatches(
  embedder: Embedder,
  images: PixelSource,
  options: EmbedImagesOptions & { readonly first?: number } = {},
): AsyncGenerator<Float32Array> {
  const { first = 0, onProgress, signal } = options;
  let done = first;
  for await (const embeddings of batchesFrom(first, embedder, images, signal)) {
    yield embeddings;
    done += embeddings.length / embedder.dimension;
    onProgress?.({
      task: `embedding ${images.name}`,
      done,
      total: images.length,
      unit: 'images',
      startedWith: first,
    });
  }
}

/** For fewer files it is not worth starting threads and processes. */
const fewestForThreads = 64;

function batchesFrom(
  first: number,
  embedder: Embedder,
  images: PixelSource,
  signal: AbortSignal | undefined,
): AsyncGenerator<Float32Array> {
  const { file } = images;
  return file && images.length - first >= fewestForThreads
    ? fromFiles(first, embedder, images.length, (index) => file.call(images, index), signal)
    : fromPixels(first, embedder, images, signal);
}

async function* fromPixels(
  start: number,
  embedder: Embedder,
  images: PixelSource,
  signal: AbortSignal | undefined,
): AsyncGenerator<Float32Array> {
  const { inputSize, resize } = embedder;
  const batchSize = batchSizeFor(inputSize);
  for (let first = start; first < images.length; first += batchSize) {
    signal?.throwIfAborted();
    const count = Math.min(batchSize, images.length - first);
    const indices = Int32Array.from({ length: count }, (_, i) => first + i);
    yield await embedder.embed(await images.pixels(indices, inputSize, resize));
  }
}

async function* fromFiles(
  first: number,
  { model, options }: Embedder,
  length: number,
  file: (index: number) => ImageLocation,
  signal: AbortSignal | undefined,
): AsyncGenerator<Float32Array> {
  const indices = (function* () {
    for (let index = first; index < length; index++) yield index;
  })();
  const batches = embedDecoded(model, indices, (index, files) => files.load(file(index)), {
    threads: options.threads,
    device: options.device,
    signal,
  });
  for await (const { outcomes, embeddings } of batches) {
    // They did when the source was opened, and every index has its row.
    for (const outcome of outcomes) if ('error' in outcome) throw outcome.error;
    yield embeddings;
  }
  // Aborted, it ends early, and what has come is not all.
  signal?.throwIfAborted();
}
