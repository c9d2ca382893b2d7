import { ImagekinError } from '../core/errors.js';
import type { ImageFacts } from '../image/decode-pool.js';
import { batchSizeFor } from './batch-size.js';
import type { EmbeddedImage, LoadedImage, SmallJpeg } from './loaded-image.js';
import type { ModelFile } from './model-file.js';

/** What became of an image. */
export type Outcome<Item> =
  /** The facts are those of its file, where it is one. */
  | { readonly item: Item; readonly facts?: ImageFacts }
  | { readonly item: Item; readonly error: ImagekinError };

export interface EmbeddedBatch<Item> {
  /** In the order of the images. */
  readonly outcomes: readonly Outcome<Item>[];
  /** Of those that decode, in the same order: float32 [decoded, dimension]. */
  readonly embeddings: Float32Array;
}

/** What runs a model on batches: the embedder itself, or threads. */
export interface BatchEmbedder {
  /** @returns for each image its vector; undefined of a file that it cannot decode */
  embed(images: readonly LoadedImage[]): Promise<readonly (EmbeddedImage | undefined)[]>;
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
  const embedded = await embedLoaded(
    batch.map(({ loaded }) => loaded),
    runner,
  );
  const vectors: Float32Array[] = [];
  const outcomes = batch.map(({ item }, i): Outcome<Item> => {
    const image = embedded[i]!;
    if (image instanceof ImagekinError) return { item, error: image };
    if (!isAllFinite(image.vector)) return { item, error: notFinite() };
    vectors.push(image.vector);
    return { item, facts: image.facts };
  });
  return { outcomes, embeddings: joinedRows(vectors) };
}

/** Files that the runner cannot decode are decoded elsewhere, and embedded by themselves. */
async function embedLoaded(
  batch: readonly (LoadedImage | ImagekinError)[],
  runner: BatchEmbedder,
): Promise<(EmbeddedImage | ImagekinError)[]> {
  const sound = batch.filter((loaded): loaded is LoadedImage => !(loaded instanceof ImagekinError));
  const embedded = sound.length > 0 ? await runner.embed(sound) : [];
  const left = sound.filter((loaded, i) => 'jpeg' in loaded && embedded[i] === undefined) as SmallJpeg[];
  const decoded = await Promise.all(left.map((file) => orError(file.decode())));
  const rest = left.length > 0 ? await embedLoaded(decoded, runner) : [];
  const [inOrder, restInOrder] = [embedded.values(), rest.values()];
  return batch.map((loaded) =>
    loaded instanceof ImagekinError ? loaded : (inOrder.next().value ?? restInOrder.next().value!),
  );
}

/** `every` takes ten times as long, which counts with a small model. */
function isAllFinite(vector: Float32Array): boolean {
  for (let i = 0; i < vector.length; i++) if (!Number.isFinite(vector[i]!)) return false;
  return true;
}

function notFinite(): ImagekinError {
  return new ImagekinError('engine-failed', {
    where: 'model',
    expected: 'finite numbers for the image',
    got: 'NaN or infinity',
    fix: 'use another model, or leave the image out',
  });
}

function joinedRows(rows: readonly Float32Array[]): Float32Array {
  const dimension = rows[0]?.length ?? 0;
  const all = new Float32Array(rows.length * dimension);
  for (const [i, row] of rows.entries()) all.set(row, i * dimension);
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

/** An `ImagekinError` is what became of this image; any other ends it all. */
async function orError<Image>(loading: Promise<Image>): Promise<Image | ImagekinError> {
  try {
    return await loading;
  } catch (error) {
    if (error instanceof ImagekinError) return error;
    throw error;
  }
}

/** Images that are begun before the ones before them are done, for each that is loaded at a time. */
const aheadOfEach = 4;

/** The images loaded in order; some are begun before they are asked for. */
async function* loadedAhead<Item>(
  items: AsyncIterable<Item> | Iterable<Item>,
  { load, loadsAtOnce }: EmbedStreamOptions<Item>,
): AsyncGenerator<Loaded<Item>> {
  const begun: Promise<Loaded<Item>>[] = [];
  const begin = async (item: Item): Promise<Loaded<Item>> => ({ item, loaded: await orError(load(item)) });
  for await (const item of items) {
    const loading = begin(item);
    loading.catch(() => {});
    begun.push(loading);
    if (begun.length >= aheadOfEach * loadsAtOnce) yield await begun.shift()!;
  }
  while (begun.length > 0) yield await begun.shift()!;
}
