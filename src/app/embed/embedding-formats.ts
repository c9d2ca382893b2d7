import type { EmbeddingFormat, EmbeddingFormatName } from './embedding-format.js';
import { arrowChunks } from './write-arrow.js';
import { jsonlChunks } from './write-jsonl.js';
import { npyChunks } from './write-npy.js';

/** How embeddings can be written, by name. */
export const embeddingFormats: Readonly<Record<EmbeddingFormatName, EmbeddingFormat>> = {
  npy: { extension: '.npy', vectorsOnly: true, chunks: npyChunks },
  jsonl: { extension: '.jsonl', vectorsOnly: false, chunks: jsonlChunks },
  arrow: { extension: '.arrow', vectorsOnly: false, chunks: arrowChunks },
};
