import { Collection } from '../../collection/collection.js';
import type { DecodePoolOptions } from '../../image/decode-pool.js';
import type { CollectionSearcher, SearcherOptions } from '../collection/search/collection-searcher.js';
import type { ServiceContext, ServiceMethod } from './context.js';
import { closeKept, kept } from './kept.js';
import { type MethodName, serviceMethods } from './methods.js';

/** What is the same for all that is asked of a collection. Plain data. */
export interface HostOptions extends Pick<SearcherOptions, 'threads' | 'device' | 'model' | 'backbone'> {
  /** Of images that are sent, and of files of the collection. */
  readonly decoding?: DecodePoolOptions;
}

/** Answers questions of a collection in the thread that it is in, and holds open what they need. */
export class ServiceHost {
  #collection: Collection | undefined;
  #searcher: Promise<CollectionSearcher> | undefined;
  #context: ServiceContext | undefined;

  constructor(
    readonly name: string,
    readonly directory: string,
    private readonly options: HostOptions = {},
  ) {}

  async answer(method: string, request: unknown, signal: AbortSignal): Promise<unknown> {
    const { load } = serviceMethods[method as MethodName];
    const answer = (await load()) as unknown as ServiceMethod<unknown, unknown>;
    signal.throwIfAborted();
    return answer(this.#opened(), request, { signal });
  }

  async close(): Promise<void> {
    const [context, searcher, collection] = [this.#context, this.#searcher, this.#collection];
    this.#context = undefined;
    this.#searcher = undefined;
    this.#collection = undefined;
    if (context) await closeKept(context);
    await (await searcher?.catch(() => undefined))?.close();
    collection?.close();
  }

  #opened(): ServiceContext {
    if (this.#context) return this.#context;
    const { name, directory } = this;
    const collection = Collection.open(directory);
    this.#collection = collection;
    const context: ServiceContext = {
      name,
      directory,
      collection,
      decoding: this.options.decoding,
      searcher: () => this.#search(context),
    };
    this.#context = context;
    return context;
  }

  #search(context: ServiceContext): Promise<CollectionSearcher> {
    this.#searcher ??= this.#openSearcher(context).catch((error) => {
      // Perhaps it can be opened the next time.
      this.#searcher = undefined;
      throw error;
    });
    return this.#searcher;
  }

  /** Only where it is needed, as the engine comes with it. */
  async #openSearcher(context: ServiceContext): Promise<CollectionSearcher> {
    const [{ CollectionSearcher }, { decoder }] = await Promise.all([
      import('../collection/search/collection-searcher.js'),
      import('./decoder.js'),
    ]);
    const { decoding, ...options } = this.options;
    return CollectionSearcher.open(this.directory, {
      ...options,
      decode: async (image, size, rule, crop) =>
        (await kept(context, decoder).decode(image, size, rule, { crop })).pixels,
    });
  }
}
