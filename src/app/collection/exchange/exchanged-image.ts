import type { RecordMetadata } from '../../../collection/catalog/image-record.js';

/** What files of an exported collection say of an image, in this order. What is not known is left out. */
export interface ExchangedImage {
  /** In the collection that it was exported from. */
  readonly id: number;
  readonly name: string;
  /** As in the catalog: absolute, of the file or the archive; of an image that is no file, the name of its source. */
  readonly path: string;
  /** Name in the archive or the source. */
  readonly entry?: string;
  readonly archived?: string;
  /** What the image was added by. */
  readonly source: string;
  readonly size?: number;
  readonly mtime?: number;
  readonly sha256?: string;
  readonly width?: number;
  readonly height?: number;
  readonly format?: string;
  readonly label?: string;
  readonly split?: string;
  readonly addedAt: string;
  readonly metadata?: RecordMetadata;
  /** Id of the model that made its vector. */
  readonly model: string;
}

/** Some images, and the vector of each: float32 [images.length, dimension]. */
export interface ExchangedBlock {
  readonly images: readonly ExchangedImage[];
  readonly vectors: Float32Array;
}

/** A collection as it is written out: the images that are there and have a vector, by their ids. */
export interface ExportedCollection {
  readonly images: number;
  readonly dimension: number;
  readonly modelId: string;
  /** Names that metadata has a value for in some image, in the order of the alphabet. */
  metadataNames(): readonly string[];
  blocks(): AsyncIterable<ExchangedBlock> | Iterable<ExchangedBlock>;
}

/** Fields that are numbers; all others but metadata are texts. */
export const numericFields = ['id', 'size', 'mtime', 'width', 'height'] as const;

export const exchangedFields = [
  'id',
  'name',
  'path',
  'entry',
  'archived',
  'source',
  'size',
  'mtime',
  'sha256',
  'width',
  'height',
  'format',
  'label',
  'split',
  'addedAt',
  'model',
] as const satisfies readonly (keyof ExchangedImage)[];
