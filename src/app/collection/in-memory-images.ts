import { type ImageRecord, placeKey } from '../../collection/catalog/image-record.js';
import type { Collection } from '../../collection/collection.js';
import { ImagekinError } from '../../core/errors.js';
import type { OpenOptions } from '../../data/open-options.js';
import { candidatesOf, describeSource } from './add/added-source.js';
import { type InMemoryImage, isInMemory } from './add/candidate.js';

type Found = ReadonlyMap<string, InMemoryImage>;

/** Images of a collection that are no files, as those of `cifar10`: their sources are opened when the first is asked for. */
export class InMemoryImages {
  readonly #sources = new Map<number, Promise<Found>>();

  constructor(
    private readonly collection: Collection,
    private readonly options: OpenOptions = {},
  ) {}

  /** @returns `undefined` where its source is not there, or does not have it any more */
  async find(image: ImageRecord): Promise<InMemoryImage | undefined> {
    if (!this.#sources.has(image.source)) this.#sources.set(image.source, this.#open(image.source));
    return (await this.#sources.get(image.source)!).get(placeKey(image));
  }

  async #open(source: number): Promise<Found> {
    const found = new Map<string, InMemoryImage>();
    const spec = this.collection.catalog.sources.all().find(({ number }) => number === source)!.spec;
    try {
      const described = describeSource(spec);
      if (described.kind !== 'memory') return found;
      for await (const candidate of candidatesOf(described, { ...this.options, onSkipped: () => {} }))
        if (isInMemory(candidate.from)) found.set(placeKey(candidate), candidate.from);
    } catch (error) {
      // That the source is not there is said of every image of it.
      if (!(error instanceof ImagekinError)) throw error;
    }
    return found;
  }
}
