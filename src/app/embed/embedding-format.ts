import type { EmbeddedEntry } from './embedding-journal.js';

/** Embeddings as they are written out. */
export interface WrittenEmbeddings {
  readonly rows: number;
  readonly dimension: number;
  /** Id of the model. */
  readonly modelId: string;
  /** Embedded images with their vectors, in order, some at a time: float32 [entries.length, dimension]. */
  blocks(): AsyncGenerator<EmbeddedBlock>;
}

export interface EmbeddedBlock {
  readonly entries: readonly EmbeddedEntry[];
  readonly vectors: Float32Array;
}

export const embeddingFormatNames = ['npy', 'jsonl', 'arrow'] as const;
export type EmbeddingFormatName = (typeof embeddingFormatNames)[number];

export interface EmbeddingFormat {
  readonly extension: string;
  /** Whether the file has no room for anything but vectors, so that what they are of stands in a second one. */
  readonly vectorsOnly: boolean;
  /** The bytes of the file, piece by piece. */
  chunks(embeddings: WrittenEmbeddings): AsyncIterable<Uint8Array | string>;
}
