import type { Skipped } from '../../../core/progress.js';
import type { ExportedCollection } from './exchanged-image.js';

export const exchangeFormatNames = ['jsonl', 'csv', 'arrow', 'npy', 'faiss'] as const;
export type ExchangeFormatName = (typeof exchangeFormatNames)[number];

export interface WriteOptions {
  /** CSV: whether it has a column with the vectors. */
  readonly vectors: boolean;
}

/** An image as a file to be imported has it: nothing of it has been looked at. */
export interface ForeignImage {
  /** Where it stands in the file, for messages: `line 12`, `row 3`. */
  readonly where: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** Some images, and the vector of each: float32 [images.length, dimension], of any length. */
export interface ForeignBlock {
  readonly images: readonly ForeignImage[];
  readonly vectors: Float32Array;
}

/** A file to be imported. */
export interface ForeignFile {
  readonly dimension: number;
  /** Id of the model that made the vectors, where the file says it as a whole. */
  readonly modelId?: string;
  /** Images in it; left out where that shows only when it is read. */
  readonly images?: number;
  /** Of a bounded length each. Once. */
  blocks(): AsyncGenerator<ForeignBlock>;
  close(): Promise<void>;
}

export type OnSkipped = (skipped: Skipped) => void;

/** A form of file that a collection is written to and read from. */
export interface ExchangeFormat {
  readonly extension: string;
  /** Whether the file has no room for anything but vectors, so that what they are of stands in a second one. */
  readonly vectorsOnly: boolean;
  /** The bytes of the file, piece by piece. */
  chunks(collection: ExportedCollection, options: WriteOptions): AsyncIterable<Uint8Array | string>;
  /** @throws `source-damaged` where it is no such file; rows that are of no use are told to `onSkipped` */
  open(path: string, onSkipped: OnSkipped): Promise<ForeignFile>;
}

/** Rows that are read together. */
export const rowsAtOnce = 2048;

/** What of a file is written beside it, of formats that have room for vectors alone. */
export function imagesPath(path: string): string {
  return `${path}.images.jsonl`;
}
