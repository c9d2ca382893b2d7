import type { ImageRecord } from '../../collection/catalog/image-record.js';
import type { CatalogModel } from '../../collection/catalog/vector-table.js';
import { Collection } from '../../collection/collection.js';
import type { IndexKind, IndexState, Quantization } from '../../collection/index/index.js';
import type { Device } from '../../core/device.js';
import { ImagekinError } from '../../core/errors.js';
import type { OnProgress, Skipped } from '../../core/progress.js';
import type { OpenOptions } from '../../data/open-options.js';
import type { BackboneFlags } from '../../embedding/backbone/backbone-spec.js';
import { embedDecoded } from '../../embedding/embed-decoded.js';
import type { Outcome } from '../../embedding/embed-stream.js';
import type { FileLoader } from '../../embedding/file-loader.js';
import type { LoadedImage } from '../../embedding/loaded-image.js';
import type { ModelFile } from '../../embedding/model-file.js';
import { openModel } from '../../embedding/open-model.js';
import { locationName } from '../../image/image-location.js';
import { removeModel } from './compact-collection.js';
import { InMemoryImages } from './in-memory-images.js';
import { modelName } from './model-name.js';
import { openIndex } from './open-index.js';
import { recordLocation } from './record-location.js';

export interface ReindexOptions {
  readonly collection: string;
  /** The model to change to. Left out, only the index is made anew. */
  readonly model?: string;
  readonly backbone?: BackboneFlags;
  /** Give up a change of models that was begun and not finished. */
  readonly abandon?: boolean;
  /** Which index the collection is to have from now on. */
  readonly index?: IndexKind | 'auto';
  /** In which form `hnsw` keeps vectors from now on. */
  readonly quantization?: Quantization | 'auto';
  /** Change models also where so many images cannot be embedded that it looks like a mistake. */
  readonly force?: boolean;
  readonly threads?: number;
  readonly device?: Device;
  readonly open?: OpenOptions;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

export interface ReindexResult {
  /** `false` where the signal stopped it; the same call goes on there. */
  readonly finished: boolean;
  readonly collection: string;
  readonly model: string;
  readonly modelId: string;
  readonly dimension: number;
  /** Whether searches go by another model now. */
  readonly switched: boolean;
  /** Images that were embedded in this run. */
  readonly embedded: number;
  /** Images that are in no search any more, as they could not be embedded. */
  readonly skipped: readonly Skipped[];
  /** Of the index that was made; `null` where it was not come to. */
  readonly index: IndexState | null;
  readonly seconds: number;
}

/** More images that cannot be embedded than this share, and it is refused: a disk is not there, or the sources have changed. */
export const mostFailures = 0.01;

/**
 * Changes a collection to another model: its vectors are made beside those that are searched, and take their place all at
 * once. What is done is kept, so that a run that was stopped or killed is gone on with by the same call. Without a model only
 * the index is made anew.
 *
 * An image is embedded only where its file has the bytes that it was added with: of any other one nobody knows yet, and
 * `add` is what deals with them. Those that cannot be embedded are in no search after the change until `add` embeds them.
 * @throws `images-unreadable` where more than `mostFailures` of the images cannot be embedded and `force` is not set: nothing is
 * changed then
 */
export async function reindexCollection(options: ReindexOptions): Promise<ReindexResult> {
  const { model: path, abandon = false, onProgress, signal } = options;
  const startedAt = performance.now();
  const file = path === undefined ? undefined : await openModel(path, { backbone: options.backbone });
  const collection = Collection.open(options.collection);
  const { catalog } = collection;
  try {
    const before = collection.model;
    keepSettings(collection, options);
    const given = catalog.models.next();
    if (abandon && given) {
      catalog.write(() => catalog.models.prepare(undefined));
      await removeModel(catalog, given, options);
      collection.removeUnknownModels();
    }
    const run = file && (await changeModel(collection, file, path!, options));
    let index: IndexState | null = null;
    if (!signal?.aborted && (run === undefined || run.switched)) {
      const opened = await openIndex(collection, { threads: options.threads, onProgress, signal });
      try {
        await opened.rebuild({ onProgress, signal });
        index = await opened.state();
      } finally {
        await opened.close();
      }
    }
    const { name, id, dimension } = collection.model;
    return {
      finished: !signal?.aborted,
      collection: options.collection,
      model: name,
      modelId: id,
      dimension,
      switched: id !== before.id,
      embedded: run?.embedded ?? 0,
      skipped: run?.skipped ?? [],
      index,
      seconds: (performance.now() - startedAt) / 1000,
    };
  } finally {
    collection.close();
  }
}

function keepSettings({ catalog }: Collection, { index, quantization }: ReindexOptions): void {
  if (index === undefined && quantization === undefined) return;
  catalog.write(() => {
    const now = catalog.settings.index();
    const settled = (given: string | undefined, before: string | undefined) =>
      given === 'auto' ? undefined : (given ?? before);
    catalog.settings.setIndex({
      kind: settled(index, now.kind),
      quantization: settled(quantization, now.quantization),
    });
  });
}

interface Change {
  readonly switched: boolean;
  readonly embedded: number;
  readonly skipped: readonly Skipped[];
}

async function changeModel(
  collection: Collection,
  file: ModelFile,
  path: string,
  options: ReindexOptions,
): Promise<Change> {
  const { catalog } = collection;
  const { id, dimension, bytes } = file;
  const model = await collection.addModel({ id, name: modelName(path), dimension, bytes }, (added) => {
    // Where it is the one that is searched, what its images lack is made.
    catalog.models.prepare(catalog.models.active()?.number === added.number ? undefined : added);
  });
  const run = new Reindexing(collection, model, options);
  let switched = false;
  while (!options.signal?.aborted && !switched) {
    await run.embedRest(file);
    if (!options.signal?.aborted) switched = run.trySwitch();
  }
  // Compacting does what is left of this, should it not come to its end.
  if (switched)
    for (const old of catalog.models.all()) {
      if (old.number !== model.number) await removeModel(catalog, old, options);
    }
  if (switched) collection.removeUnknownModels();
  return { switched, embedded: run.embedded, skipped: run.skipped };
}

interface Failed {
  readonly skipped: Skipped;
  /** Whether the file is not there any more. */
  readonly isGone: boolean;
}

/** Images whose places are read from the catalog at once. */
const imagesAtOnce = 500;

class Reindexing {
  embedded = 0;
  /** By the ids of their images. */
  readonly #failed = new Map<number, Failed>();
  readonly #inMemory: InMemoryImages;
  #total = 0;
  #startedWith = 0;
  #done = 0;

  constructor(
    private readonly collection: Collection,
    private readonly model: CatalogModel,
    private readonly options: ReindexOptions,
  ) {
    this.#inMemory = new InMemoryImages(collection, options.open);
  }

  get skipped(): Skipped[] {
    return [...this.#failed.values()].map(({ skipped }) => skipped);
  }

  /** Embeds the images that have no vector of the model yet. */
  async embedRest(file: ModelFile): Promise<void> {
    const { threads, device, signal } = this.options;
    const { inputSize, resize } = file;
    const load = async (image: ImageRecord, files: FileLoader): Promise<LoadedImage> => {
      const location = recordLocation(image);
      if (location !== undefined) return files.load(location);
      const inMemory = await this.#inMemory.find(image);
      if (!inMemory) throw noFile(image);
      return { pixels: await inMemory.images.pixels([inMemory.index], inputSize, resize) };
    };
    this.#total = this.collection.catalog.images.count();
    this.#startedWith = this.#total - this.collection.catalog.models.vectors(this.model).countWithout();
    this.#done = 0;
    this.#report();
    for await (const { outcomes, embeddings } of embedDecoded(file, this.#rest(), load, {
      threads,
      device,
      signal,
    })) {
      this.#write(outcomes, embeddings);
      this.#done += outcomes.length;
      this.#report();
    }
  }

  /**
   * Makes the vectors those that are searched, unless images have come meanwhile that have none: others may add while this
   * runs, and only in the transaction that changes it nobody can.
   */
  trySwitch(): boolean {
    const { catalog } = this.collection;
    const { options, model } = this;
    return catalog.write(() => {
      const vectors = catalog.models.vectors(model);
      const without = [...vectors.imagesWithout(Number.MAX_SAFE_INTEGER)];
      if (without.some((id) => !this.#failed.has(id))) return false;
      // Images that another process has removed or embedded in the meantime have not failed any more.
      const lacking = new Set(without);
      for (const id of [...this.#failed.keys()]) if (!lacking.has(id)) this.#failed.delete(id);
      const images = catalog.images.count();
      if (without.length > mostFailures * images && !options.force)
        throw this.#tooManyFailures(without.length, images);
      const gone = without.filter((id) => this.#failed.get(id)!.isGone);
      catalog.images.markMissing(gone);
      // So that add embeds them, whatever their dates, and does not take one that was renamed for one that is as it was.
      catalog.images.forgetStates(without);
      catalog.models.activate(model);
      return true;
    });
  }

  async *#rest(): AsyncGenerator<ImageRecord> {
    const { catalog } = this.collection;
    const vectors = catalog.models.vectors(this.model);
    for (let last = 0; ; ) {
      const ids = vectors.imagesWithout(imagesAtOnce, last);
      for (const image of catalog.images.byId(ids)) if (!this.#failed.has(image.id)) yield image;
      if (ids.length < imagesAtOnce) return;
      last = ids.at(-1)!;
    }
  }

  #write(outcomes: readonly Outcome<ImageRecord>[], embeddings: Float32Array): void {
    const { catalog } = this.collection;
    const { dimension } = this.model;
    catalog.write(() => {
      const { models } = catalog;
      if (models.next()?.number !== this.model.number && models.active()?.number !== this.model.number)
        throw this.#replaced();
      const now = new Map(
        catalog.images.byId(outcomes.map(({ item }) => item.id)).map((image) => [image.id, image]),
      );
      const ids: number[] = [];
      const vectors = new Float32Array(embeddings.length);
      let row = 0;
      for (const outcome of outcomes) {
        const { id } = outcome.item;
        const current = now.get(id);
        if ('error' in outcome) {
          if (current) this.#fail(current, outcome.error);
          continue;
        }
        const vector = embeddings.subarray(row * dimension, ++row * dimension);
        if (!current) continue;
        // Moved meanwhile, or of other bytes than the vectors that are searched are made of.
        if (current.sha256 !== null && outcome.facts && outcome.facts.sha256 !== current.sha256) {
          this.#fail(current, changed(current));
          continue;
        }
        vectors.set(vector, ids.length * dimension);
        ids.push(id);
      }
      catalog.models.vectors(this.model).put(ids, vectors.subarray(0, ids.length * dimension));
      this.embedded += ids.length;
    });
  }

  #fail(image: ImageRecord, error: ImagekinError): void {
    const location = recordLocation(image);
    const path = location === undefined ? image.name : locationName(location);
    const isGone = error.code === 'file-not-found';
    this.#failed.set(image.id, { skipped: { path, reason: error.message }, isGone });
  }

  #report(): void {
    const done = this.#startedWith + this.#done;
    this.options.onProgress?.({
      task: 'reindexing',
      done,
      // Others may add meanwhile.
      total: Math.max(done, this.#total),
      unit: 'images',
      startedWith: this.#startedWith,
    });
  }

  #tooManyFailures(failed: number, images: number): ImagekinError {
    const [first] = this.#failed.values();
    return new ImagekinError('images-unreadable', {
      where: this.collection.directory,
      expected: `at most ${mostFailures * 100} % of the images that cannot be embedded`,
      got: `${failed} of ${images}, as ${first!.skipped.path}: ${first!.skipped.reason}`,
      fix: 'run imagekin add first, which finds files that were moved or changed, or lose them from searches by --force',
    });
  }

  #replaced(): ImagekinError {
    return new ImagekinError('model-mismatch', {
      where: this.collection.directory,
      expected: `to be changed to ${this.model.name}`,
      got: 'another change of models, which another process has begun or given up',
      fix: 'leave one of them',
    });
  }
}

function noFile({ name }: ImageRecord): ImagekinError {
  return new ImagekinError('image-undecodable', {
    where: name,
    expected: 'an image whose file can be read',
    got: 'one that is no file',
    fix: 'add its source again by imagekin add after the change',
  });
}

function changed({ name }: ImageRecord): ImagekinError {
  return new ImagekinError('image-undecodable', {
    where: name,
    expected: 'the file as it was added',
    got: 'other bytes',
    fix: 'run imagekin add',
  });
}
