import type { Interval } from './bootstrap.js';
import type { ConfusionMatrix, Match } from './confusion-matrix.js';
import type { EmbeddingSpread } from './embedding-spread.js';
import type { QueryMetrics } from './metric-columns.js';
import type { ConfusedPair } from './most-confused-pairs.js';

/**
 * What an evaluation found. Plain data, every number finite, ready for `JSON.stringify`; field names are stable. The metrics
 * at the top are means over queries, so that classes weigh by their number of images; `macro` has the means over classes.
 */
export interface Evaluation extends QueryMetrics<number> {
  /** Queries the means are taken over. */
  readonly queries: number;
  /** Queries left out because no other image of the gallery has their class. */
  readonly leftOut: number;
  /** Images searched through; leave-one-out, the queries themselves. */
  readonly searched: number;
  /** `null` without a training split, or where it shares no class with the test split. */
  readonly knnAccuracy: number | null;
  /** Voters of `knnAccuracy`. */
  readonly knnNeighbours: number | null;
  /** Normalised and adjusted mutual information of k-means clusters and classes; `null` where not asked for. */
  readonly nmi: number | null;
  readonly ami: number | null;
  /** The k of those k-means: the number of classes tested. */
  readonly clusters: number | null;
  /** Means over classes of the means over their queries. */
  readonly macro: QueryMetrics<number>;
  /** How far the means over queries would move with other queries; `null` where not asked for. */
  readonly intervals: MetricIntervals | null;
  /** By class index. */
  readonly perClass: readonly ClassEvaluation[];
  /** Of the classes that `confusion` and `mostConfusedPairs` count: the tested ones, then those only the gallery has. */
  readonly classNames: readonly string[];
  /** Every query's 10 nearest. */
  readonly confusion: ConfusionMatrix;
  /** The 10 nearest of the first 10 images of each class, the form of the Keras example. */
  readonly confusionOfFirstTen: ConfusionMatrix;
  readonly mostConfusedPairs: readonly ConfusedPairExample[];
  /** How far the embeddings are from all being alike. */
  readonly spread: EmbeddingSpread;
  /** The nearest neighbours of the queries asked for, in the order asked. */
  readonly examples: readonly NeighbourExample[];
}

/** Percentile bootstrap intervals over queries. */
export interface MetricIntervals extends QueryMetrics<Interval> {
  readonly knnAccuracy: Interval | null;
  /** Share of the resamples within an interval. */
  readonly confidence: number;
  readonly resamples: number;
}

/** The figures of one class's queries; `null` for a class without a second image. */
export interface ClassEvaluation extends QueryMetrics<number | null> {
  readonly name: string;
  readonly images: number;
}

export interface ConfusedPairExample extends ConfusedPair {
  /** The best-scoring query of the first class with a neighbour of the second. */
  readonly closest: Match;
}

export interface NeighbourExample {
  readonly query: number;
  /** Image indices in the gallery, nearest first. */
  readonly neighbours: readonly number[];
  /** Cosines. */
  readonly scores: readonly number[];
}
