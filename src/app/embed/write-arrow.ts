import { type ArrowColumn, arrowFileChunks } from '../formats/arrow-file.js';
import type { WrittenEmbeddings } from './embedding-format.js';
import type { EmbeddedEntry } from './embedding-journal.js';

const columns: readonly ArrowColumn<EmbeddedEntry>[] = [
  { name: 'id', type: 'text', nullable: false, value: ({ id }) => id },
  { name: 'path', type: 'text', value: ({ path }) => path },
  { name: 'source', type: 'text', value: ({ source }) => source },
  { name: 'label', type: 'text', value: ({ label }) => label },
  { name: 'width', type: 'int32', value: ({ width }) => width },
  { name: 'height', type: 'int32', value: ({ height }) => height },
  { name: 'sha256', type: 'text', value: ({ sha256 }) => sha256 },
  { name: 'metadata', type: 'text', value: ({ metadata }) => metadata && JSON.stringify(metadata) },
];

/**
 * An Arrow file (Feather V2): columns id, path, source, label, width, height, sha256, metadata (JSON), and `embedding`, a fixed-size list of
 * float32. pandas, polars, DuckDB and PyArrow read it.
 */
export function arrowChunks({ dimension, modelId, blocks }: WrittenEmbeddings): AsyncGenerator<Uint8Array> {
  return arrowFileChunks({
    columns,
    dimension,
    about: { 'imagekin.model': modelId },
    async *blocks() {
      for await (const { entries, vectors } of blocks()) yield { rows: entries, vectors };
    },
  });
}
