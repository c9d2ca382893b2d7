/** Measuring embeddings: `metrics` of the public API. */

export {
  type BootstrapOptions,
  bootstrap,
  type Difference,
  type Interval,
  pairedBootstrap,
} from './bootstrap.js';
export { type ClusterAgreement, clusterAgreement } from './clusters/cluster-agreement.js';
export { type Clusters, type KMeansRequest, kMeans } from './clusters/k-means.js';
export { adjustedMutualInformation, normalizedMutualInformation } from './clusters/mutual-information.js';
export { compareQueries as compare, type Differences } from './compare-queries.js';
export { type ConfusionMatrix, confusionRows } from './confusion-matrix.js';
export { type EmbeddingSpread, embeddingSpread } from './embedding-spread.js';
export {
  type EvaluationRequest,
  evaluateEmbeddings as evaluate,
  type MeasuredEmbeddings,
  measureEmbeddings as measure,
} from './evaluate-embeddings.js';
export type {
  ClassEvaluation,
  ConfusedPairExample,
  Evaluation,
  MetricIntervals,
  NeighbourExample,
} from './evaluation.js';
export type { LabelledEmbeddings } from './labelled-embeddings.js';
export type { QueryMetrics } from './metric-columns.js';
export { type MetricDefinition, metricDefinitions as definitions } from './metric-definitions.js';
export type { QueryFigures } from './query-figures.js';
