import type { ConfusionMatrix, Match } from './confusion-matrix.js';
import type { EmbeddingSpread } from './embedding-spread.js';
import type { ConfusedPair } from './most-confused-pairs.js';

/** What an evaluation found. Plain data, every number finite, ready for `JSON.stringify`; field names are stable. */
export interface Evaluation {
  /** Queries the means are taken over. */
  readonly queries: number;
  /** Queries left out because no other image has their class. */
  readonly leftOut: number;
  readonly precisionAt1: number;
  readonly precisionAt10: number;
  readonly rPrecision: number;
  readonly mapAtR: number;
  /** Any-hit recall by k. */
  readonly recallAtK: Readonly<Record<number, number>>;
  /** `null` without a training split, or where it shares no class with the test split. */
  readonly knnAccuracy: number | null;
  /** Voters of `knnAccuracy`. */
  readonly knnNeighbours: number | null;
  /** By class index. */
  readonly perClass: readonly ClassEvaluation[];
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

/** The figures of one class's queries; `null` for a class without a second image. */
export interface ClassEvaluation {
  readonly name: string;
  readonly images: number;
  readonly precisionAt1: number | null;
  readonly precisionAt10: number | null;
  readonly rPrecision: number | null;
  readonly mapAtR: number | null;
}

export interface ConfusedPairExample extends ConfusedPair {
  /** The best-scoring query of the first class with a neighbour of the second. */
  readonly closest: Match;
}

export interface NeighbourExample {
  readonly query: number;
  /** Image indices, nearest first. */
  readonly neighbours: readonly number[];
  /** Cosines. */
  readonly scores: readonly number[];
}
