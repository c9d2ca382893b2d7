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

/** What runs a model on batches: the embedder itself, or threads. */
export interface BatchEmbedder {
  embed(pixels: Uint8Array<ArrayBuffer>): Promise<Float32Array>;
  /** Batches that it can have at once. Default 1. */
  readonly atOnce?: number;
}

export interface EmbedFilesOptions {
  readonly pool: Pick<DecodePool, 'decode' | 'atOnce'>;
  /** Default: the embedder, which blocks this thread while the model runs. */
  readonly runner?: BatchEmbedder;
  readonly signal?: AbortSignal;
}

/**
 * Embeds image files, any number of them: decoded by other processes while the model runs, in the order in which they come, so
 * many at a time that memory does not grow with their number. A file that does not decode is an outcome like another.
 */
export async function* embedFiles<Item extends LocatedImage>(
  embedder: Embedder,
  items: AsyncIterable<Item> | Iterable<Item>,
  { pool, runner = embedder, signal }: EmbedFilesOptions,
): AsyncGenerator<EmbeddedBatch<Item>> {
  const { atOnce = 1 } = runner;
  const underWay: Promise<EmbeddedBatch<Item>>[] = [];
  for await (const batch of batchesOf(decodedAhead(embedder, items, pool), embedder)) {
    signal?.throwIfAborted();
    const embedding = embedBatch(batch, runner);
    // It is told to whoever takes it, and until then it is nobody's.
    embedding.catch(() => {});
    underWay.push(embedding);
    if (underWay.length >= atOnce) yield await underWay.shift()!;
  }
  while (underWay.length > 0) yield await underWay.shift()!;
}

interface Decoded<Item> {
  readonly item: Item;
  readonly decoded: DecodedImage | ImagekinError;
}

async function embedBatch<Item>(
  batch: readonly Decoded<Item>[],
  runner: BatchEmbedder,
): Promise<EmbeddedBatch<Item>> {
  const pixels = batch.flatMap(({ decoded }) => (decoded instanceof ImagekinError ? [] : [decoded.pixels]));
  return {
    outcomes: batch.map(({ item, decoded }) =>
      decoded instanceof ImagekinError ? { item, error: decoded } : { item, facts: decoded.facts },
    ),
    embeddings: pixels.length > 0 ? await runner.embed(joined(pixels)) : new Float32Array(0),
  };
}

/** One behind the other, in memory of their own, which can be handed to another thread. */
function joined(pixels: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(pixels.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const image of pixels) {
    all.set(image, at);
    at += image.length;
  }
  return all;
}

/** Where hardly any image decodes, what became of them is told all the same now and then. */
const mostFailures = 256;

/** As many together as the model takes at once. */
async function* batchesOf<Item>(
  images: AsyncIterable<Decoded<Item>>,
  { inputSize }: Embedder,
): AsyncGenerator<Decoded<Item>[]> {
  const batchSize = batchSizeFor(inputSize);
  let batch: Decoded<Item>[] = [];
  let sound = 0;
  for await (const image of images) {
    batch.push(image);
    if (!(image.decoded instanceof ImagekinError)) sound++;
    if (sound < batchSize && batch.length - sound < mostFailures) continue;
    yield batch;
    batch = [];
    sound = 0;
  }
  if (batch.length > 0) yield batch;
}

/** Images that are begun before the ones before them are done, for each that is decoded at a time. */
const aheadOfEach = 4;

/** The images decoded in order; some are begun before they are asked for. */
async function* decodedAhead<Item extends LocatedImage>(
  { inputSize, resize }: Embedder,
  items: AsyncIterable<Item> | Iterable<Item>,
  pool: EmbedFilesOptions['pool'],
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
    decoding.catch(() => {});
    begun.push(decoding);
    if (begun.length >= aheadOfEach * pool.atOnce) yield await begun.shift()!;
  }
  while (begun.length > 0) yield await begun.shift()!;
}
