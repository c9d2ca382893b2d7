/** Measuring embeddings: `metrics` of the public API. */

export {
  type BootstrapOptions,
  bootstrap,
  type Difference,
  type Interval,
  pairedBootstrap,
} from './bootstrap.js';
export { type ClusterAgreement, clusterAgreement } from './clusters/cluster-agreement.js';
export { type CommunityOptions, communities, fixedCommunities } from './clusters/communities.js';
export { type Clusters, type KMeansRequest, kMeans } from './clusters/k-means.js';
export { medoids } from './clusters/medoids.js';
export { adjustedMutualInformation, normalizedMutualInformation } from './clusters/mutual-information.js';
export { neighbourGraph, type WeightedGraph } from './clusters/neighbour-graph.js';
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
export { type EmbeddingMap, type EmbeddingMapRequest, embeddingMap } from './map/embedding-map.js';
export { type TrustworthinessRequest, trustworthiness } from './map/trustworthiness.js';
export type { QueryMetrics } from './metric-columns.js';
export { type MetricDefinition, metricDefinitions as definitions } from './metric-definitions.js';
export { type Neighbourhoods, neighbourhoods } from './neighbourhoods.js';
export { outlierScores } from './outlier-scores.js';
export type { QueryFigures } from './query-figures.js';
