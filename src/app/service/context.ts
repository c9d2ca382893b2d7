import type { Collection } from '../../collection/collection.js';
import type { DecodePoolOptions } from '../../image/decode-pool.js';
import type { CollectionSearcher } from '../collection/search/collection-searcher.js';

/** What a method works with: one collection, held open by the thread that it runs in. */
export interface ServiceContext {
  /** As it stands in addresses. */
  readonly name: string;
  /** Folder of the collection. */
  readonly directory: string;
  readonly collection: Collection;
  /** What may be spent on an image of somebody. */
  readonly decoding?: DecodePoolOptions;
  /** Opens the index at the first search. */
  searcher(): Promise<CollectionSearcher>;
}

/** What whoever asks may do while a method runs. */
export interface MethodOptions {
  readonly signal?: AbortSignal;
}

/** Answers one question of one collection. Plain data in and out, as it goes from one thread to another. */
export type ServiceMethod<Request, Result> = (
  context: ServiceContext,
  request: Request,
  options: MethodOptions,
) => Result | Promise<Result>;
