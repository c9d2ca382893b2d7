export type { MeasuredRecall } from './build-hnsw.js';
export { checkIndexFiles, type IndexCheck } from './check-index-files.js';
export {
  CollectionIndex,
  type CollectionIndexOptions,
  type CollectionSearchOptions,
  fewChanges,
} from './collection-index.js';
export { ExactIndex } from './exact-index.js';
export { hnswAvailable } from './hnsw-graph.js';
export type { IndexState } from './index-state.js';
export { type Quantization, quantizations } from './quantization.js';
export {
  type IndexHit,
  type IndexKind,
  type IndexSearchOptions,
  indexKinds,
  type VectorIndex,
} from './vector-index.js';
export type { VectorChanges, VectorRows, VectorSource } from './vector-source.js';
