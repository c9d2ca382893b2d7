import { ImagekinError } from '../core/errors.js';
import type { DecodedImage, DecodePool, ImageFacts } from '../image/decode-pool.js';
import type { ImageLocation } from '../image/image-location.js';
import { batchSizeFor } from './batch-size.js';
import type { Embedder } from './embedder.js';

/** Whatever is known of an image, and where its file is. */
export interface LocatedImage {
  readonly location: ImageLocation;
}

/** What became of an image. */
export type Outcome<Item> =
  | { readonly item: Item; readonly facts: ImageFacts }
  | { readonly item: Item; readonly error: ImagekinError };

export interface EmbeddedBatch<Item> {
  /** In the order of the images. */
  readonly outcomes: readonly Outcome<Item>[];
  /** Of those that decode, in the same order: float32 [decoded, dimension]. */
  readonly embeddings: Float32Array;
}

export interface EmbedFilesOptions {
  readonly signal?: AbortSignal;
}

/** Batches that may be waiting decoded, or being decoded, while one is embedded. */
const batchesAhead = 3;

/**
 * Embeds image files, any number of them: decoded by other processes while the model runs here, in the order in which they
 * come, so many at a time that memory does not grow with their number. A file that does not decode is an outcome like another.
 */
export async function* embedFiles<Item extends LocatedImage>(
  embedder: Embedder,
  items: AsyncIterable<Item> | Iterable<Item>,
  pool: Pick<DecodePool, 'decode'>,
  { signal }: EmbedFilesOptions = {},
): AsyncGenerator<EmbeddedBatch<Item>> {
  const batchSize = batchSizeFor(embedder.inputSize);
  let outcomes: Outcome<Item>[] = [];
  let pixels: Uint8Array[] = [];
  const batch = async (): Promise<EmbeddedBatch<Item>> => {
    const embedded = {
      outcomes,
      embeddings: pixels.length > 0 ? await embedder.embed(Buffer.concat(pixels)) : new Float32Array(0),
    };
    outcomes = [];
    pixels = [];
    return embedded;
  };
  for await (const { item, decoded } of decodedAhead(embedder, items, pool, batchSize * batchesAhead)) {
    signal?.throwIfAborted();
    if (decoded instanceof ImagekinError) outcomes.push({ item, error: decoded });
    else {
      outcomes.push({ item, facts: decoded.facts });
      pixels.push(decoded.pixels);
    }
    // Where none decodes, what became of them is told all the same now and then.
    if (pixels.length === batchSize || outcomes.length >= 16 * batchSize) yield await batch();
  }
  if (outcomes.length > 0) yield await batch();
}

interface Decoded<Item> {
  readonly item: Item;
  readonly decoded: DecodedImage | ImagekinError;
}

/** The images decoded in order, up to `most` of them begun before they are asked for. */
async function* decodedAhead<Item extends LocatedImage>(
  { inputSize, resize }: Embedder,
  items: AsyncIterable<Item> | Iterable<Item>,
  pool: Pick<DecodePool, 'decode'>,
  most: number,
): AsyncGenerator<Decoded<Item>> {
  const begun: Promise<Decoded<Item>>[] = [];
  const begin = async (item: Item): Promise<Decoded<Item>> => {
    try {
      return { item, decoded: await pool.decode(item.location, inputSize, resize) };
    } catch (error) {
      if (error instanceof ImagekinError) return { item, decoded: error };
      throw error;
    }
  };
  for await (const item of items) {
    const decoding = begin(item);
    // It is told to whoever takes it, and until then it is nobody's.
    decoding.catch(() => {});
    begun.push(decoding);
    if (begun.length >= most) yield await begun.shift()!;
  }
  while (begun.length > 0) yield await begun.shift()!;
}
