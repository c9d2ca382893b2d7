import { Collection, isCollection } from '../../collection/collection.js';
import { ImagekinError } from '../../core/errors.js';
import type { BackboneFlags } from '../../embedding/backbone/backbone-spec.js';
import type { CropRegion } from '../../image/crop-image.js';
import { addImages } from './add/add-images.js';
import type { AddOptions, AddResult } from './add/add-options.js';
import { openForAdding } from './add/open-for-adding.js';
import { collectionStatus, type StatusOptions, type StatusResult } from './collection-status.js';
import { type RemoveOptions, type RemoveResult, removeImages } from './remove-images.js';
import {
  type CollectionHit,
  CollectionSearcher,
  type FindOptions,
  type QueryPart,
} from './search/collection-searcher.js';
import type { EmbeddingOptions } from './search/query-vectors.js';

export interface OpenCollectionOptions extends EmbeddingOptions {
  /**
   * Path of a model file, of any ONNX file, or the name of a model that was pulled. Needed where the collection is to be made;
   * where it is there, it must be its model, and may have been calibrated since.
   */
  readonly model?: string;
  /** How a model from elsewhere is to be used. */
  readonly backbone?: BackboneFlags;
}

/** What to search for: the path of an image file, the id of an image of the collection, or either with a weight. */
export type ImageQuery = string | number | QueryPart;

export interface ImageSearchOptions extends FindOptions {
  /** What results shall be unlike. */
  readonly unlike?: ImageQuery | readonly ImageQuery[];
  /** The part of each image that is searched for. */
  readonly crop?: CropRegion;
}

/** What `ImageCollection.add` can be told, besides what the collection knows. */
export type ImageAddOptions = Omit<AddOptions, 'collection' | 'sources' | 'model' | 'backbone'>;

/** What `ImageCollection.remove` removes: those that meet all of it. */
export type ImageRemoval = Omit<RemoveOptions, 'collection'>;

/**
 * Opens a collection to add to it and to search it; it is made where there is none and a model is given.
 *
 * ```js
 * const shop = await openCollection('shop.kin', { model: 'shoes.onnx' });
 * await shop.add('./photos');
 * for (const { path, score } of await shop.search('query.jpg', { k: 5, where: { label: 'boot' } })) console.log(path, score);
 * await shop.close();
 * ```
 * @throws `collection-missing` where there is none and no model is given; `collection-damaged`, `collection-newer`;
 * `model-mismatch` where it has another model
 */
export async function openCollection(
  directory: string,
  options: OpenCollectionOptions = {},
): Promise<ImageCollection> {
  const { model, backbone } = options;
  const mustBeThere = model === undefined && !isCollection(directory);
  const { collection } = mustBeThere
    ? { collection: Collection.open(directory) }
    : await openForAdding({ collection: directory, model, backbone });
  collection.close();
  return new ImageCollection(directory, options);
}

/**
 * A collection as a program holds it; `openCollection` makes one. Other processes may add and search meanwhile, and what they
 * write is found.
 */
export class ImageCollection {
  readonly #options: OpenCollectionOptions;
  #searcher: Promise<CollectionSearcher> | undefined;
  /** The search before the next one: each waits for the one before, so that none is in the middle when this is closed. */
  #last: Promise<unknown> = Promise.resolve();
  #isClosed = false;

  /** @internal */
  constructor(
    /** Its folder. */
    readonly directory: string,
    options: OpenCollectionOptions,
  ) {
    this.#options = options;
  }

  /**
   * Adds images of sources, and brings the collection up to date with files that have changed: see `addImages`.
   * @throws as `addImages`
   */
  async add(sources: string | readonly string[], options: ImageAddOptions = {}): Promise<AddResult> {
    this.#requireOpen();
    const { threads, device } = this.#options;
    return addImages({ threads, device, ...options, collection: this.directory, sources: listOf(sources) });
  }

  /**
   * The images most like an image, or like several: those are one query, each with its weight. Images that are named by id are
   * not among their own results.
   * @throws the reason of an image that cannot be used; `image-not-found`; `filter-invalid`; `wrong-usage`
   */
  async search(
    query: ImageQuery | readonly ImageQuery[],
    { unlike = [], ...options }: ImageSearchOptions = {},
  ): Promise<readonly CollectionHit[]> {
    this.#requireOpen();
    const request = { ...options, like: listOf(query).map(partOf), unlike: listOf(unlike).map(partOf) };
    const found = this.#last.then(async () => {
      const { hits } = await (await this.#open()).find(request);
      return hits;
    });
    this.#last = found.catch(() => {});
    return found;
  }

  /**
   * Removes images; their files stay. `remove({ missing: true })` removes those whose files are gone.
   * @throws as `removeImages`
   */
  async remove(which: ImageRemoval): Promise<RemoveResult> {
    this.#requireOpen();
    return removeImages({ ...which, collection: this.directory });
  }

  /** What there is to say of it. */
  async status(options: Omit<StatusOptions, 'collection'> = {}): Promise<StatusResult> {
    this.#requireOpen();
    return collectionStatus({ ...options, collection: this.directory });
  }

  /** Gives the memory of index and model back, when the searches that were begun are done. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#last;
    const searcher = this.#searcher;
    this.#searcher = undefined;
    await (await searcher)?.close();
  }

  /** At the first search only, as who only adds needs no index in memory. */
  #open(): Promise<CollectionSearcher> {
    this.#searcher ??= CollectionSearcher.open(this.directory, this.#options).catch((error) => {
      this.#searcher = undefined;
      throw error;
    });
    return this.#searcher;
  }

  #requireOpen(): void {
    if (!this.#isClosed) return;
    throw new ImagekinError('wrong-usage', {
      where: this.directory,
      expected: 'a collection that is open',
      got: 'one that was closed',
      fix: 'open it again by openCollection',
    });
  }
}

function listOf<T extends string | number | object>(one: T | readonly T[]): readonly T[] {
  return Array.isArray(one) ? one : [one as T];
}

function partOf(query: ImageQuery): QueryPart {
  if (typeof query === 'string') return { image: { file: query } };
  return typeof query === 'number' ? { image: { id: query } } : query;
}
