import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import type { ImageRecord } from '../../../collection/catalog/image-record.js';
import type { CatalogModel } from '../../../collection/catalog/vector-table.js';
import type { Collection } from '../../../collection/collection.js';
import type { Device } from '../../../core/device.js';
import { ImagekinError } from '../../../core/errors.js';
import type { Embedder } from '../../../embedding/embedder.js';
import { type CropRegion, cropImage } from '../../../image/crop-image.js';
import type { Size } from '../../../image/image.js';
import {
  type ImageLocation,
  isSentImage,
  locationName,
  type SentImage,
} from '../../../image/image-location.js';
import type { ResizeRule } from '../../../image/resize-rule.js';
import { isSameState, look } from '../add/file-states.js';
import { recordLocation } from '../record-location.js';
import { JoinedEmbeddings } from './joined-embeddings.js';
import type { QueryImage } from './query-text.js';

export interface EmbeddingOptions {
  readonly threads?: number;
  readonly device?: Device;
}

/** Brings an image, or a part of it, to the size of a model. @returns uint8 [size.height, size.width, 3] */
export type DecodeQuery = (
  image: ImageLocation | SentImage,
  size: Size,
  rule: ResizeRule,
  crop: CropRegion | undefined,
) => Promise<Uint8Array>;

export interface QueryVectorsOptions extends EmbeddingOptions {
  /** Default: decodes in this thread. */
  readonly decode?: DecodeQuery;
}

/** Vectors of images without a place that are remembered, as they are searched for again with another filter. */
const mostRemembered = 256;

/** A query as a vector. */
export interface QueryVector {
  /** float32 [dimension], unit length. */
  readonly vector: Float32Array;
  /** The image of the collection that it is, where it is named by its id. */
  readonly id?: number;
}

/**
 * Makes vectors of what is searched for. Images that the collection has, by their id or as a file that has not changed, have
 * theirs already; the model is loaded when the first image comes that has none.
 */
export class QueryVectors {
  #embedder: Promise<Embedder> | undefined;
  #joined: JoinedEmbeddings | undefined;
  /** By the bytes of the image, or the record, and the part of it. */
  readonly #remembered = new Map<string, Promise<Float32Array>>();

  constructor(
    private readonly collection: Collection,
    readonly model: CatalogModel,
    private readonly options: QueryVectorsOptions,
  ) {}

  /** @throws `image-not-found`, `file-not-found`, `image-undecodable`; `wrong-usage` for a crop that is not in the image */
  async of(image: QueryImage | SentImage, crop?: CropRegion): Promise<QueryVector> {
    if ('id' in image) return { vector: await this.#ofRecord(this.#record(image.id), crop), id: image.id };
    if ('bytes' in image) {
      const hash = createHash('sha256').update(image.bytes).digest('hex');
      return { vector: await this.#remember(hash, crop, () => this.#embed(image, crop)) };
    }
    const known = crop ? undefined : this.#unchanged(image.file);
    const stored = known === undefined ? undefined : this.#stored(known);
    return { vector: stored ?? (await this.#embed(image.file, crop)) };
  }

  /** Gives the memory of the model back. */
  async release(): Promise<void> {
    const embedder = this.#embedder;
    this.#embedder = undefined;
    this.#joined = undefined;
    await (await embedder?.catch(() => undefined))?.release();
  }

  #record(id: number): ImageRecord {
    const [record] = this.collection.catalog.images.byId([id]);
    if (record && record.missingSince === null) return record;
    throw new ImagekinError('image-not-found', {
      where: `id:${id}`,
      expected: `an image of ${this.collection.directory}`,
      got: record ? `one whose file is gone: ${record.path}` : 'none of this id',
      fix: record ? 'put the file back and run imagekin add' : 'take an id that a search has shown',
    });
  }

  async #ofRecord(record: ImageRecord, crop: CropRegion | undefined): Promise<Float32Array> {
    const stored = crop ? undefined : this.#stored(record.id);
    if (stored) return stored;
    const location = recordLocation(record);
    const { id, sha256, size, mtime } = record;
    if (location !== undefined)
      return this.#remember(`${id} ${sha256} ${size} ${mtime}`, crop, () => this.#embed(location, crop));
    throw new ImagekinError('image-not-found', {
      where: `id:${record.id}`,
      expected: crop ? 'an image file, of which a part can be taken' : 'an image with a vector',
      got: crop ? `one of ${record.path}, which is no file` : 'one without',
      fix: crop ? 'search for the whole of it' : 'run imagekin add again',
    });
  }

  #stored(id: number): Float32Array | undefined {
    const { ids, vectors } = this.collection.catalog.models.vectors(this.model).of(Uint32Array.of(id));
    return ids.length > 0 ? vectors : undefined;
  }

  /** The id of a file that is as it was when it was added. */
  #unchanged(file: string): number | undefined {
    const [record] = this.collection.catalog.images.at([{ path: resolve(file), entry: '' }]);
    if (!record || record.missingSince !== null) return undefined;
    const now = look(file);
    return !('reason' in now) && isSameState(now, record) ? record.id : undefined;
  }

  /** Also for those who ask while it is being made. */
  #remember(
    what: string,
    crop: CropRegion | undefined,
    make: () => Promise<Float32Array>,
  ): Promise<Float32Array> {
    const key = `${what} ${JSON.stringify(crop)}`;
    const known = this.#remembered.get(key);
    this.#remembered.delete(key);
    const vector = known ?? make();
    this.#remembered.set(key, vector);
    if (!known)
      vector.catch(() => {
        if (this.#remembered.get(key) === vector) this.#remembered.delete(key);
      });
    if (this.#remembered.size > mostRemembered)
      this.#remembered.delete(this.#remembered.keys().next().value!);
    return vector;
  }

  async #embed(image: ImageLocation | SentImage, crop: CropRegion | undefined): Promise<Float32Array> {
    this.#embedder ??= this.#load();
    const embedder = await this.#embedder;
    const { inputSize, resize } = embedder;
    const { decode = decodeHere } = this.options;
    const pixels = await decode(image, inputSize, resize, crop);
    this.#joined ??= new JoinedEmbeddings(embedder);
    return this.#joined.embed(pixels);
  }

  /** Only now, as most of what it takes to start is the runtime and the model. */
  async #load(): Promise<Embedder> {
    const [{ Embedder }, { decodeModel }] = await Promise.all([
      import('../../../embedding/embedder.js'),
      import('../../../embedding/model-file.js'),
    ]);
    const where = this.collection.modelPath(this.model);
    const { threads, device } = this.options;
    return Embedder.load(decodeModel(await this.collection.modelBytes(this.model), where), where, {
      threads,
      device,
      neverSpins: true,
    });
  }
}

const decodeHere: DecodeQuery = async (image, size, rule, crop) => {
  const { decodeImage, decodeImageTo } = await import('../../../image/decode.js');
  const [input, name] = isSentImage(image) ? [image.bytes, image.name] : [image, locationName(image)];
  if (!crop) return (await decodeImageTo(input, size, rule, { name })).data;
  const whole = await decodeImage(input, { name });
  const part = cropImage(whole, crop);
  if (part) {
    const { resizeImage } = await import('../../../image/resize.js');
    return resizeImage(part, size, rule).data;
  }
  throw new ImagekinError('wrong-usage', {
    where: name,
    expected: `a part of its ${whole.width} × ${whole.height} pixels`,
    got: `${crop.width} × ${crop.height} from ${crop.x}, ${crop.y}${crop.unit === 'fraction' ? ' (as shares)' : ''}`,
    fix: 'give --crop a part that lies within the image',
  });
};
