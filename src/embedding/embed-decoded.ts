import type { Device } from '../core/device.js';
import { DecodePool } from '../image/decode-pool.js';
import { type BatchEmbedder, type EmbeddedBatch, embedStream } from './embed-stream.js';
import { Embedder } from './embedder.js';
import { FileLoader } from './file-loader.js';
import { type LoadedImage, rowsOf } from './loaded-image.js';
import type { ModelFile } from './model-file.js';
import { EmbeddingThreads } from './threads/embedding-threads.js';

export interface EmbedDecodedOptions {
  readonly threads?: number;
  readonly device?: Device;
  /** Aborted, no more images are begun; those that have been are embedded. */
  readonly signal?: AbortSignal;
}

/**
 * `embedStream` with all that it takes: processes that decode and threads in which the model runs, which end with it.
 * @param load brings an image to the size of the model, a file by `files`
 */
export async function* embedDecoded<Item>(
  model: ModelFile,
  items: AsyncIterable<Item> | Iterable<Item>,
  load: (item: Item, files: FileLoader) => Promise<LoadedImage>,
  { threads, device, signal }: EmbedDecodedOptions,
): AsyncGenerator<EmbeddedBatch<Item>> {
  const pool = new DecodePool({ processes: threads });
  const workers = EmbeddingThreads.start(model, { threads, device });
  const embedder = workers ? undefined : await Embedder.load(model, 'model', { threads, device });
  const files = new FileLoader(pool, model, workers?.takesFiles ?? false);
  try {
    yield* embedStream(model, items, {
      load: (item) => load(item, files),
      loadsAtOnce: pool.atOnce,
      runner: workers ?? inThisThread(embedder!),
      signal,
    });
  } finally {
    await Promise.all([pool.close(), workers?.close(), embedder?.release()]);
  }
}

/** It takes no files. */
function inThisThread(embedder: Embedder): BatchEmbedder {
  return {
    embed: async (images) => {
      const decoded = images.filter((image) => 'pixels' in image);
      const embeddings = await embedder.embed(Buffer.concat(decoded.map(({ pixels }) => pixels)));
      const vectors = rowsOf(embeddings, decoded.length).values();
      return images.map((image) =>
        'pixels' in image ? { vector: vectors.next().value!, facts: image.facts } : undefined,
      );
    },
  };
}
