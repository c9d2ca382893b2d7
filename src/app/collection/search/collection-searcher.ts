import { shownPath } from '../../../collection/catalog/image-record.js';
import type { CatalogModel, VectorTable } from '../../../collection/catalog/vector-table.js';
import { Collection } from '../../../collection/collection.js';
import { type Filter, FilteredIds, type FilterInput, readFilter } from '../../../collection/filters/index.js';
import type { CollectionIndex } from '../../../collection/index/index.js';
import {
  composeQuery,
  defaultUnlikeWeight,
  type FoldRule,
  type HitFacts,
  JoinedSearches,
  ResultList,
  ResultLists,
} from '../../../collection/search/index.js';

export type { FoldRule } from '../../../collection/search/index.js';

import { ImagekinError } from '../../../core/errors.js';
import type { OnProgress } from '../../../core/progress.js';
import type { BackboneFlags } from '../../../embedding/backbone/backbone-spec.js';
import type { CropRegion } from '../../../image/crop-image.js';
import type { SentImage } from '../../../image/image-location.js';
import { openIndex } from '../open-index.js';
import { filterHints } from './filter-hints.js';
import type { QueryImage } from './query-text.js';
import { type QueryVector, QueryVectors, type QueryVectorsOptions } from './query-vectors.js';
import { type ProbabilityOfScore, scoreMeaning } from './score-meaning.js';

/** An image of a query, with how much it counts. Default 1; of those to be unlike 0.5. */
export interface QueryPart {
  /** One of the collection, a file, or the bytes of one. */
  readonly image: QueryImage | SentImage;
  readonly weight?: number;
  /** The part of it that is searched for; in the place of that of all images. */
  readonly crop?: CropRegion;
}

/** How results are chosen. */
export interface FindOptions {
  /** Results of a page. Default 10. */
  readonly k?: number;
  /** Results left out before it. Default 0. */
  readonly offset?: number;
  /** Only images of which all of this holds: as text, or as an object. */
  readonly where?: FilterInput;
  /** Only of at least this cosine. */
  readonly minScore?: number;
  /** Only of the query's class with at least this probability; for one image, and a calibrated model. */
  readonly minProbability?: number;
  /**
   * What is shown as one: copies of one file; what is at least so near, as a cosine; or nothing. Default `copies`.
   */
  readonly fold?: FoldRule;
  /** How much results shall differ among each other: from 0, the nearest in order, to 1. Default 0. */
  readonly diversity?: number;
  readonly signal?: AbortSignal;
}

export interface FindRequest extends FindOptions {
  /** At least one. */
  readonly like: readonly QueryPart[];
  readonly unlike?: readonly QueryPart[];
  /** The part of each image in `like` that is searched for. */
  readonly crop?: CropRegion;
}

export interface CollectionHit {
  /** Counts from 1, over all pages. */
  readonly rank: number;
  readonly id: number;
  /** Cosine with the query, in [−1, 1]. */
  readonly score: number;
  /** That it is of the query's class; only of calibrated models, and where one image is searched for. */
  readonly probability?: number;
  readonly label: string | null;
  readonly name: string;
  /** Of the file; of an image in an archive, the archive's and its own name. */
  readonly path: string;
  readonly width: number | null;
  readonly height: number | null;
  /** What was folded into it. */
  readonly alike: readonly { readonly id: number; readonly score: number; readonly path: string }[];
}

export interface Found {
  readonly hits: readonly CollectionHit[];
  /** Whether another page follows. */
  readonly more: boolean;
  /** Images that were searched. */
  readonly searched: number;
}

export interface SearcherOptions extends QueryVectorsOptions {
  /** Path of the collection's model, if at all: it must be that, and may have been calibrated since. */
  readonly model?: string;
  /** How that model is to be used, where it comes from elsewhere. */
  readonly backbone?: BackboneFlags;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

/** What depends on the model whose vectors are searched, which another process may change. */
interface Opened {
  readonly model: CatalogModel;
  readonly vectors: VectorTable;
  readonly index: CollectionIndex;
  /** The same, for those who ask at once. */
  readonly joined: JoinedSearches;
  readonly lists: ResultLists;
  readonly queries: QueryVectors;
  readonly probability: ProbabilityOfScore | undefined;
}

/** An image that was found, by its id. */
export interface RankedHit {
  readonly rank: number;
  readonly id: number;
  /** Cosine with the query, in [−1, 1]. */
  readonly score: number;
  readonly probability?: number;
  readonly alike: readonly { readonly id: number; readonly score: number }[];
}

export interface Ranked {
  readonly hits: readonly RankedHit[];
  readonly more: boolean;
  readonly searched: number;
}

/** A query, or a part of one, as a vector. */
export type WeightedQueryVector = QueryVector & { readonly weight?: number };

/** A collection held open, to be searched again and again. What others write meanwhile is found. */
export class CollectionSearcher {
  readonly #filtered: FilteredIds;
  readonly #opening: SearcherOptions;
  #opened: Opened | undefined;
  /** What opens is opened once, whoever asks meanwhile. */
  #reopening: Promise<Opened> | undefined;

  private constructor(
    readonly collection: Collection,
    options: SearcherOptions,
  ) {
    this.#filtered = new FilteredIds(collection.catalog);
    this.#opening = options;
  }

  /** @throws `collection-missing`, `collection-damaged`, `collection-newer`; `model-mismatch` where it has another model */
  static async open(directory: string, options: SearcherOptions = {}): Promise<CollectionSearcher> {
    const searcher = new CollectionSearcher(Collection.open(directory), options);
    try {
      await searcher.#current();
      return searcher;
    } catch (error) {
      await searcher.close();
      throw error;
    }
  }

  /** @throws the reason of an image that cannot be used; `filter-invalid`; `wrong-usage` */
  async find({ like, unlike = [], crop, ...options }: FindRequest): Promise<Found> {
    const found = await this.vectorsOf([...like, ...unlike], crop, like.length);
    const vectors = found.map((one) => {
      if ('error' in one) throw one.error;
      return one;
    });
    return this.findVectors(
      like.map((part, i) => ({ ...part, ...vectors[i]! })),
      unlike.map((part, i) => ({ ...part, ...vectors[like.length + i]! })),
      options,
    );
  }

  /**
   * The vectors of some images, or why there is none.
   * @param cropped the crop is of so many, from the first
   */
  async vectorsOf(
    parts: readonly QueryPart[],
    crop?: CropRegion,
    cropped = parts.length,
  ): Promise<(QueryVector | { readonly error: ImagekinError })[]> {
    const { queries } = await this.#current();
    const found: (QueryVector | { readonly error: ImagekinError })[] = [];
    for (const [i, part] of parts.entries())
      try {
        found.push(await queries.of(part.image, part.crop ?? (i < cropped ? crop : undefined)));
      } catch (error) {
        if (!(error instanceof ImagekinError)) throw error;
        found.push({ error });
      }
    return found;
  }

  /** Searches by vectors of the collection's model. Images named by their ids are not among their own results. */
  async findVectors(
    like: readonly WeightedQueryVector[],
    unlike: readonly WeightedQueryVector[],
    options: FindOptions,
  ): Promise<Found> {
    const { hits, ...rest } = await this.rank(like, unlike, options);
    return { hits: this.#described(hits), ...rest };
  }

  /** As `findVectors`, but for what there is to know of the images. */
  async rank(
    like: readonly WeightedQueryVector[],
    unlike: readonly WeightedQueryVector[],
    options: FindOptions,
  ): Promise<Ranked> {
    const { k = 10, offset = 0, minScore = -Infinity, minProbability = 0, fold = 'copies', signal } = options;
    const { model, vectors, index, joined, lists, probability } = await this.#current();
    const isOne = like.length === 1 && unlike.length === 0;
    const meaning = isOne ? probability : undefined;
    if (options.minProbability !== undefined && !meaning) throw this.#noProbability(isOne, model);
    const state = this.collection.catalog.state();
    const among = this.#among(options.where);
    const ids = [...like, ...unlike].flatMap(({ id }) => id ?? []);
    const query = queryOf(like, unlike);
    const { diversity = 0 } = options;
    const page = await lists.page({
      state,
      key: JSON.stringify([base64(query), k, options.where, ids, minScore, minProbability, fold, diversity]),
      offset,
      signal,
      make: () => {
        const accepts = (score: number) => score >= minScore && (meaning?.(score) ?? 1) >= minProbability;
        const request = { query, k, among, without: new Set(ids), accepts, fold, diversity };
        return new ResultList(joined, this.#facts(vectors), request, offset);
      },
    });
    return {
      hits: page.hits.map(({ rank, id, score, alike }) => ({
        rank,
        id,
        score: cosine(score),
        ...(meaning && { probability: meaning(score) }),
        alike: alike.map((one) => ({ id: one.id, score: cosine(one.score) })),
      })),
      more: page.more,
      searched: among?.length ?? index.size,
    };
  }

  /** Scores of the images nearest to a query, the highest first: of at most so many, whatever their score. */
  async nearestScores(
    like: readonly WeightedQueryVector[],
    unlike: readonly WeightedQueryVector[],
    { where, most, signal }: Pick<FindOptions, 'where' | 'signal'> & { readonly most: number },
  ): Promise<Float64Array> {
    const { index } = await this.#current();
    const ids = new Set([...like, ...unlike].flatMap(({ id }) => id ?? []));
    const among = this.#among(where);
    const [found] = await index.search(queryOf(like, unlike), most + ids.size, { among, signal });
    const others = found!.filter(({ id }) => !ids.has(id)).slice(0, most);
    return Float64Array.from(others, ({ score }) => cosine(score));
  }

  #among(where: FilterInput | undefined): Uint32Array | undefined {
    const filter = this.filterOf(where);
    return filter && this.#filtered.of(filter).ids;
  }

  /** @throws `filter-invalid` */
  filterOf(where: FilterInput | undefined): Filter | undefined {
    return readFilter(where);
  }

  /** What is odd about a filter, in words: keys that no image has. */
  filterHints(where: FilterInput | undefined): string[] {
    const filter = this.filterOf(where);
    if (!filter) return [];
    return filterHints(this.#filtered.of(filter).unknownKeys, this.collection.directory);
  }

  async close(): Promise<void> {
    const opened = this.#opened;
    this.#opened = undefined;
    await opened?.queries.release();
    await opened?.index.close();
    this.collection.close();
  }

  /** What belongs to the model that is searched now. */
  async #current(): Promise<Opened> {
    for (;;) {
      const model = this.collection.model;
      if (this.#opened?.model.number === model.number) return this.#opened;
      this.#reopening ??= this.#reopen(model).finally(() => {
        this.#reopening = undefined;
      });
      await this.#reopening;
    }
  }

  async #reopen(model: CatalogModel): Promise<Opened> {
    const { collection } = this;
    const before = this.#opened;
    this.#opened = undefined;
    await before?.queries.release();
    await before?.index.close();
    const { model: given, backbone, onProgress, signal, ...embedding } = this.#opening;
    const probability = await scoreMeaning(collection, model, given, backbone);
    const vectors = collection.catalog.models.vectors(model);
    const index = await openIndex(collection, { threads: embedding.threads, onProgress, signal }, vectors);
    this.#opened = {
      model,
      vectors,
      index,
      joined: new JoinedSearches(index),
      lists: new ResultLists(collection.catalog),
      queries: new QueryVectors(collection, model, embedding),
      probability,
    };
    return this.#opened;
  }

  #facts(table: VectorTable): HitFacts {
    const { images } = this.collection.catalog;
    return {
      sha256: (ids) => images.sha256Of(ids),
      vectors: (wanted) => {
        const { ids, vectors } = table.of(Uint32Array.from(wanted).sort());
        const { dimension } = table;
        return new Map(
          Array.from(ids, (id, i) => [id, vectors.subarray(i * dimension, (i + 1) * dimension)] as const),
        );
      },
    };
  }

  #described(hits: readonly RankedHit[]): CollectionHit[] {
    const ids = hits.flatMap(({ id, alike }) => [id, ...alike.map((one) => one.id)]);
    const records = new Map(this.collection.catalog.images.byId(ids).map((image) => [image.id, image]));
    // One that another process has removed since it was found is no result any more.
    return hits.flatMap(({ alike, ...hit }) => {
      const record = records.get(hit.id);
      if (!record) return [];
      const { label, name, width, height } = record;
      return {
        ...hit,
        label,
        name,
        path: shownPath(record),
        width,
        height,
        alike: alike.flatMap((one) => {
          const other = records.get(one.id);
          return other ? { ...one, path: shownPath(other) } : [];
        }),
      };
    });
  }

  #noProbability(isOne: boolean, { name }: CatalogModel): ImagekinError {
    return new ImagekinError('wrong-usage', {
      where: 'search: a least probability',
      expected: isOne
        ? 'a calibrated model'
        : 'one image to search for, as probabilities are of pairs of images',
      got: isOne ? `${name}, which is not` : 'several in one query',
      fix: isOne
        ? 'calibrate it by imagekin calibrate, and name the file by --model'
        : 'ask for a least score instead: --min-score',
    });
  }
}

function queryOf(like: readonly WeightedQueryVector[], unlike: readonly WeightedQueryVector[]): Float32Array {
  if (like.length === 1 && unlike.length === 0) return like[0]!.vector;
  return composeQuery(
    like.map(({ vector, weight = 1 }) => ({ vector, weight })),
    unlike.map(({ vector, weight = defaultUnlikeWeight }) => ({ vector, weight })),
  );
}

function base64({ buffer, byteOffset, byteLength }: Float32Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString('base64');
}

/** Vectors are of unit length but for the rounding of their numbers. */
function cosine(score: number): number {
  return Math.max(-1, Math.min(1, score));
}
