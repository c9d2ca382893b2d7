import type { CatalogModel } from '../../collection/catalog/vector-table.js';
import { Collection } from '../../collection/collection.js';
import { CollectionIndex, type IndexState } from '../../collection/index/index.js';
import { decodeModel, type ModelFile } from '../../embedding/model-file.js';
import { imageFacts, reindexFacts, sourceFacts, vectorBytes } from './catalog-facts.js';
import { bytesOf } from './collection-bytes.js';
import { indexSettings } from './open-index.js';

export interface StatusOptions {
  readonly collection: string;
  /** Labels that are listed, those with the most images first. Default 10. */
  readonly labels?: number;
}

export interface StatusResult extends StatusModel {
  readonly collection: string;
  readonly createdAt: string;
  /** Version of the package that made it. */
  readonly createdWith: string;
  readonly schemaVersion: number;
  /** Images in the collection, without the missing ones. */
  readonly images: number;
  /** Images whose files are gone. */
  readonly missing: number;
  /** Of the images, those that no search finds. */
  readonly withoutVector: number;
  /** Of the images, those without a label. */
  readonly unlabelled: number;
  /** How many labels there are. */
  readonly labels: number;
  /** Those with the most images. */
  readonly largestLabels: readonly { readonly label: string; readonly images: number }[];
  /** Files that could not be used. */
  readonly failures: number;
  readonly sources: readonly StatusSource[];
  /** The model that `reindex` is changing to, and how far it is; `null` where it is not. */
  readonly reindex: null | (StatusModel & { readonly done: number; readonly total: number });
  readonly index: {
    /** What it was told to be by `reindex --index` and `--quantization`; `auto` where it chooses by itself. */
    readonly wanted: { readonly kind: string; readonly quantization: string };
    /** Of the files there are; `null` where there are none, as the first search makes them. */
    readonly state: IndexState | null;
  };
  readonly bytes: {
    /** The catalog with what it has not taken in yet (WAL). Thumbnails and vectors are in it. */
    readonly catalog: number;
    readonly thumbnails: number;
    readonly vectors: number;
    readonly models: number;
    readonly index: number;
    /** Images that were sent to a server. They are images of the collection like others. */
    readonly uploads: number;
    /** Everything in the folder. */
    readonly total: number;
  };
}

export interface StatusSource {
  readonly source: string;
  /** Present images that came by it. */
  readonly images: number;
  readonly addedAt: string;
  /** When it was last walked through to its end; `null` for never. */
  readonly walkedAt: string | null;
}

export interface StatusModel {
  /** What it was called when it was given to the collection. */
  readonly model: string;
  readonly modelId: string;
  readonly dimension: number;
  /** `false` of a collection of imported vectors alone. */
  readonly hasFile: boolean;
  /** `null` where the file is not there or not sound: `verify` says more. */
  readonly calibrated: boolean | null;
  readonly inputSize: { readonly width: number; readonly height: number } | null;
}

/** What there is to say of a collection. Nothing of it is changed, nor is anything built. */
export async function collectionStatus({
  collection: directory,
  labels: mostLabels = 10,
}: StatusOptions): Promise<StatusResult> {
  const collection = Collection.openToRead(directory);
  try {
    // All of one moment; what is read from other files is not.
    const { model, next, vectors, ...facts } = collection.catalog.db.snapshot(() =>
      factsOf(collection, mostLabels),
    );
    const { kind = 'auto', quantization = 'auto' } = indexSettings(collection);
    const state = await CollectionIndex.inspect(collection.indexDirectory, vectors);
    const sizes = await bytesOf(directory);
    const { thumbnails, bytes, ...rest } = facts;
    return {
      collection: directory,
      ...(await modelOf(collection, model)),
      ...rest,
      reindex: next && {
        ...(await modelOf(collection, next.model)),
        done: next.done,
        total: next.total,
      },
      index: { wanted: { kind, quantization }, state },
      bytes: { ...sizes, thumbnails, vectors: bytes },
    };
  } finally {
    collection.close();
  }
}

function factsOf(collection: Collection, mostLabels: number) {
  const { catalog, model, vectors } = collection;
  const { labelled, ...counts } = imageFacts(catalog);
  return {
    ...catalog.settings.origin(),
    ...counts,
    withoutVector: vectors.countWithout(),
    labels: labelled.length,
    largestLabels: labelled.slice(0, mostLabels),
    sources: sourceFacts(catalog),
    model,
    vectors,
    next: reindexFacts(catalog),
    thumbnails: catalog.db.row<[number]>('SELECT coalesce(sum(length(thumbnail)), 0) FROM previews')![0],
    bytes: vectorBytes(catalog),
  };
}

async function modelOf(collection: Collection, model: CatalogModel): Promise<StatusModel> {
  const { name, id, dimension, hasFile } = model;
  const file = hasFile ? await modelFile(collection, model) : undefined;
  return {
    model: name,
    modelId: id,
    dimension,
    hasFile,
    calibrated: file ? file.calibration !== undefined : null,
    inputSize: file ? { width: file.inputSize.width, height: file.inputSize.height } : null,
  };
}

async function modelFile(collection: Collection, model: CatalogModel): Promise<ModelFile | undefined> {
  try {
    return decodeModel(await collection.modelBytes(model), model.name);
  } catch {
    return undefined;
  }
}
