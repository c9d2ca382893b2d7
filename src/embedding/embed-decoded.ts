import type { Device } from '../core/device.js';
import { DecodePool } from '../image/decode-pool.js';
import { type EmbeddedBatch, embedStream, type LoadedImage } from './embed-stream.js';
import { Embedder } from './embedder.js';
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
 * @param load brings an image to the size of the model, a file by the pool
 */
export async function* embedDecoded<Item>(
  model: ModelFile,
  items: AsyncIterable<Item> | Iterable<Item>,
  load: (item: Item, pool: DecodePool) => Promise<LoadedImage>,
  { threads, device, signal }: EmbedDecodedOptions,
): AsyncGenerator<EmbeddedBatch<Item>> {
  const pool = new DecodePool({ processes: threads });
  const workers = EmbeddingThreads.start(model.bytes, { threads, device });
  const embedder = workers ? undefined : await Embedder.load(model, 'model', { threads, device });
  try {
    yield* embedStream(model, items, {
      load: (item) => load(item, pool),
      loadsAtOnce: pool.atOnce,
      runner: workers ?? embedder!,
      signal,
    });
  } finally {
    await Promise.all([pool.close(), workers?.close(), embedder?.release()]);
  }
}
