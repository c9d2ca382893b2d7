import { ImagekinError } from '../core/errors.js';
import type { ImageFacts } from '../image/decode-pool.js';
import { batchSizeFor } from './batch-size.js';
import type { ModelFile } from './model-file.js';

/** What became of an image. */
export type Outcome<Item> =
  /** The facts are those of its file, where it is one. */
  | { readonly item: Item; readonly facts?: ImageFacts }
  | { readonly item: Item; readonly error: ImagekinError };

/** An image at the size that the model takes. */
export interface LoadedImage {
  /** uint8 [height, width, 3] */
  readonly pixels: Uint8Array;
  readonly facts?: ImageFacts;
}

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

export interface EmbedStreamOptions<Item> {
  /** Brings an image to the size of the model. An `ImagekinError` is what became of this image; any other ends it all. */
  load(item: Item): Promise<LoadedImage>;
  /** Images that are loaded at a time. */
  readonly loadsAtOnce: number;
  readonly runner: BatchEmbedder;
  /** Aborted, no more images are begun; those that have been are embedded. */
  readonly signal?: AbortSignal;
}

/**
 * Embeds any number of images: they are loaded while the model runs, in the order in which they come, so many at a time that
 * memory does not grow with their number. One that cannot be loaded is an outcome like another.
 */
export async function* embedStream<Item>(
  model: Pick<ModelFile, 'inputSize'>,
  items: AsyncIterable<Item> | Iterable<Item>,
  options: EmbedStreamOptions<Item>,
): AsyncGenerator<EmbeddedBatch<Item>> {
  const { runner, signal } = options;
  const { atOnce = 1 } = runner;
  const underWay: Promise<EmbeddedBatch<Item>>[] = [];
  const loaded = loadedAhead(untilAborted(items, signal), options);
  for await (const batch of batchesOf(loaded, batchSizeFor(model.inputSize))) {
    const embedding = embedBatch(batch, runner);
    // It is told to whoever takes it, and until then it is nobody's.
    embedding.catch(() => {});
    underWay.push(embedding);
    if (underWay.length >= atOnce) yield await underWay.shift()!;
  }
  while (underWay.length > 0) yield await underWay.shift()!;
}

/** The items up to the moment when it is aborted, be the next one never to come. */
async function* untilAborted<Item>(
  items: AsyncIterable<Item> | Iterable<Item>,
  signal: AbortSignal | undefined,
): AsyncGenerator<Item> {
  if (!signal) {
    yield* items;
    return;
  }
  const iterator = Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]();
  const end = { done: true as const, value: undefined };
  const aborted = new Promise<typeof end>((resolve) => {
    if (signal.aborted) resolve(end);
    else signal.addEventListener('abort', () => resolve(end), { once: true });
  });
  try {
    for (;;) {
      const coming = Promise.resolve(iterator.next());
      // Where it was aborted, what the source says of that is nobody's.
      coming.catch(() => {});
      const { done, value } = await Promise.race([aborted, coming]);
      if (done || signal.aborted) return;
      yield value as Item;
    }
  } finally {
    // Not waited for: it ends when the item that it waits for has come.
    void Promise.resolve(iterator.return?.()).catch(() => {});
  }
}

interface Loaded<Item> {
  readonly item: Item;
  readonly loaded: LoadedImage | ImagekinError;
}

async function embedBatch<Item>(
  batch: readonly Loaded<Item>[],
  runner: BatchEmbedder,
): Promise<EmbeddedBatch<Item>> {
  const pixels = batch.flatMap(({ loaded }) => (loaded instanceof ImagekinError ? [] : [loaded.pixels]));
  const embeddings = pixels.length > 0 ? await runner.embed(joined(pixels)) : new Float32Array(0);
  const dimension = embeddings.length / Math.max(1, pixels.length);
  const rows: Float32Array[] = [];
  let row = 0;
  const outcomes = batch.map(({ item, loaded }): Outcome<Item> => {
    if (loaded instanceof ImagekinError) return { item, error: loaded };
    const vector = embeddings.subarray(row * dimension, ++row * dimension);
    if (!vector.every(Number.isFinite)) return { item, error: notFinite() };
    rows.push(vector);
    return { item, facts: loaded.facts };
  });
  return { outcomes, embeddings: rows.length === pixels.length ? embeddings : joinedRows(rows, dimension) };
}

function notFinite(): ImagekinError {
  return new ImagekinError('engine-failed', {
    where: 'model',
    expected: 'finite numbers for the image',
    got: 'NaN or infinity',
    fix: 'use another model, or leave the image out',
  });
}

function joinedRows(rows: readonly Float32Array[], dimension: number): Float32Array {
  const all = new Float32Array(rows.length * dimension);
  for (const [i, row] of rows.entries()) all.set(row, i * dimension);
  return all;
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

/** Where hardly any image can be loaded, what became of them is told all the same now and then. */
const mostFailures = 256;

/** As many together as the model takes at once. */
async function* batchesOf<Item>(
  images: AsyncIterable<Loaded<Item>>,
  batchSize: number,
): AsyncGenerator<Loaded<Item>[]> {
  let batch: Loaded<Item>[] = [];
  let sound = 0;
  for await (const image of images) {
    batch.push(image);
    if (!(image.loaded instanceof ImagekinError)) sound++;
    if (sound < batchSize && batch.length - sound < mostFailures) continue;
    yield batch;
    batch = [];
    sound = 0;
  }
  if (batch.length > 0) yield batch;
}

/** Images that are begun before the ones before them are done, for each that is loaded at a time. */
const aheadOfEach = 4;

/** The images loaded in order; some are begun before they are asked for. */
async function* loadedAhead<Item>(
  items: AsyncIterable<Item> | Iterable<Item>,
  { load, loadsAtOnce }: EmbedStreamOptions<Item>,
): AsyncGenerator<Loaded<Item>> {
  const begun: Promise<Loaded<Item>>[] = [];
  const begin = async (item: Item): Promise<Loaded<Item>> => {
    try {
      return { item, loaded: await load(item) };
    } catch (error) {
      if (error instanceof ImagekinError) return { item, loaded: error };
      throw error;
    }
  };
  for await (const item of items) {
    const loading = begin(item);
    loading.catch(() => {});
    begun.push(loading);
    if (begun.length >= aheadOfEach * loadsAtOnce) yield await begun.shift()!;
  }
  while (begun.length > 0) yield await begun.shift()!;
}
