import { ImagekinError } from '../core/errors.js';
import type { OnProgress } from '../core/progress.js';
import type { NeighbourBlock } from '../engine/nearest-neighbours.js';
import { bootstrap } from './bootstrap.js';
import { clusterAgreement } from './clusters/cluster-agreement.js';
import { ConfusionCounter } from './confusion-matrix.js';
import { embeddingSpread } from './embedding-spread.js';
import type { ConfusedPairExample, Evaluation, MetricIntervals, NeighbourExample } from './evaluation.js';
import { knnVote } from './knn-vote.js';
import { checkLabelled, type LabelledEmbeddings, sharedClasses } from './labelled-embeddings.js';
import { MetricColumns, type QueryMetrics } from './metric-columns.js';
import { mostConfusedPairs } from './most-confused-pairs.js';
import { classMeans, macroMeans, microMeans, type QueryFigures, queryFigures } from './query-figures.js';
import { rankEmbeddings } from './ranking/rank-embeddings.js';

export interface EvaluationRequest {
  /** The queries. */
  readonly test: LabelledEmbeddings;
  /** What is searched. Left out: leave-one-out, every query is looked for among the others. */
  readonly gallery?: LabelledEmbeddings;
  /** For kNN accuracy. */
  readonly train?: LabelledEmbeddings;
  readonly dimension: number;
  /** The k of precision@k, recall@k and NDCG@k. Default 1 and 10. */
  readonly ks?: readonly number[];
  /** Voters of kNN accuracy. Default 200. */
  readonly knnNeighbours?: number;
  /** Also cluster the test split, for NMI and AMI. */
  readonly clusters?: boolean;
  /** Resamples of the intervals; 0 for none. Default 1000. */
  readonly bootstrap?: number;
  /** Test indices whose neighbours are wanted for pictures. */
  readonly exampleQueries?: readonly number[];
  /** How many confused pairs are wanted. Default 10. */
  readonly confusedPairs?: number;
  /** Default: all cores. */
  readonly threads?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress;
}

/** An evaluation with what each query contributes to it. */
export interface MeasuredEmbeddings {
  readonly evaluation: Evaluation;
  /** What `compareQueries` compares. */
  readonly figures: QueryFigures;
}

const defaultKs = [1, 10];
const defaultResamples = 1000;
const confidence = 0.95;
/** Neighbours per query in confusion matrices and examples. */
const neighboursShown = 10;

/**
 * Measures an embedding by near neighbours: leave-one-out over the test split or in a named gallery, by the vote of a
 * training split, and, if asked to, by clusters.
 *
 * Rankings are worked through in blocks of queries and never held whole. Memory grows with the vectors, with a few numbers
 * per query, and with the pairs of classes met.
 *
 * @throws ImagekinError `shape-mismatch` where vectors, labels and classes do not fit, `training-diverged` where a vector is
 *   not finite, `too-few-images` where no query has another image of its class to find, `wrong-usage` for a k below 1
 */
export async function evaluateEmbeddings(request: EvaluationRequest): Promise<Evaluation> {
  return (await measureEmbeddings(request)).evaluation;
}

/** Like `evaluateEmbeddings`, with the figures of each query beside their means. */
export async function measureEmbeddings(request: EvaluationRequest): Promise<MeasuredEmbeddings> {
  const {
    test,
    gallery = test,
    train,
    dimension,
    exampleQueries = [],
    threads,
    signal,
    onProgress,
  } = request;
  const ks = checkedKs(request.ks ?? defaultKs);
  checkLabelled('test', test, dimension);
  if (request.gallery) checkLabelled('gallery', request.gallery, dimension);
  if (train) checkLabelled('train', train, dimension);

  const leaveOneOut = request.gallery === undefined;
  const { classNames, labels: galleryLabels } = sharedClasses(test, gallery);
  const queryCount = test.labels.length;
  const ranked = await rank(request, ks, galleryLabels, classNames.length);
  const vote = train ? await knnVote({ ...request, train }) : null;
  const figures = queryFigures(ranked.values, test.labels, ks, vote?.correct ?? null);
  const means = requireQueries(microMeans(figures), figures);

  const counted = {
    queryLabels: test.labels,
    galleryLabels: leaveOneOut ? undefined : galleryLabels,
    classCount: classNames.length,
    neighboursPerQuery: neighboursShown,
  };
  const confusion = new ConfusionCounter(counted);
  const confusionOfFirstTen = new ConfusionCounter({ ...counted, queriesPerClass: 10 });
  confusion.add(ranked.neighbours);
  confusionOfFirstTen.add(ranked.neighbours);
  const matrix = confusion.matrix();

  const agreement = request.clusters
    ? await clusterAgreement({
        points: test.embeddings,
        labels: test.labels,
        dimension,
        threads,
        signal,
        onProgress,
      })
    : null;
  const imagesOf = new Int32Array(test.classNames.length);
  for (const label of test.labels) imagesOf[label]++;
  const perClass = classMeans(figures, test.classNames.length);
  const evaluation: Evaluation = {
    queries: figures.queries.length,
    leftOut: queryCount - figures.queries.length,
    searched: gallery.labels.length,
    ...means,
    knnAccuracy: vote?.accuracy ?? null,
    knnNeighbours: vote?.neighbours ?? null,
    nmi: agreement?.nmi ?? null,
    ami: agreement?.ami ?? null,
    clusters: agreement?.clusters ?? null,
    macro: requireQueries(macroMeans(figures, test.classNames.length), figures),
    intervals: metricIntervals(figures, request.bootstrap ?? defaultResamples),
    perClass: perClass.map((classFigures, c) => ({
      name: test.classNames[c],
      images: imagesOf[c],
      ...classFigures,
    })),
    classNames,
    confusion: matrix,
    confusionOfFirstTen: confusionOfFirstTen.matrix(),
    mostConfusedPairs: mostConfusedPairs(matrix, request.confusedPairs).map(
      (pair): ConfusedPairExample => ({ ...pair, closest: confusion.closest(...pair.classes)! }),
    ),
    spread: embeddingSpread(test.embeddings, dimension),
    examples: exampleQueries.map((query) => exampleOf(ranked.neighbours, query)),
  };
  return { evaluation, figures };
}

/** Ranks the gallery for every query. Values are those of `MetricColumns`, neighbours the nearest few. */
async function rank(
  request: EvaluationRequest,
  ks: readonly number[],
  galleryLabels: Int32Array,
  classCount: number,
): Promise<{ readonly values: Float64Array; readonly neighbours: NeighbourBlock }> {
  const { test, gallery, dimension, threads, signal, onProgress } = request;
  const queryCount = test.labels.length;
  const k = neighboursShown;
  const indices = new Int32Array(queryCount * k).fill(-1);
  const scores = new Float32Array(queryCount * k).fill(Number.NEGATIVE_INFINITY);
  const values = await rankEmbeddings({
    test,
    gallery: gallery && { embeddings: gallery.embeddings, labels: galleryLabels },
    classCount,
    dimension,
    ks,
    neighbours: k,
    threads,
    signal,
    onProgress,
    onNeighbours(block) {
      indices.set(block.indices, block.firstQuery * k);
      scores.set(block.scores, block.firstQuery * k);
    },
  });
  return { values, neighbours: { firstQuery: 0, queryCount, k, indices, scores } };
}

function metricIntervals(
  { ks, values, knnCorrect }: QueryFigures,
  resamples: number,
): MetricIntervals | null {
  if (resamples === 0) return null;
  const columns = new MetricColumns(ks);
  const intervals = bootstrap(values, { resamples, confidence, columns: columns.count });
  return {
    ...columns.named((column) => intervals[column]),
    knnAccuracy: knnCorrect && bootstrap(knnCorrect, { resamples, confidence })[0],
    confidence,
    resamples,
  };
}

function exampleOf({ k, indices, scores }: NeighbourBlock, query: number): NeighbourExample {
  const found = indices.subarray(query * k, (query + 1) * k).filter((neighbour) => neighbour >= 0);
  return {
    query,
    neighbours: [...found],
    scores: [...scores.subarray(query * k, query * k + found.length)],
  };
}

function checkedKs(ks: readonly number[]): readonly number[] {
  const wrong = ks.find((k) => !(Number.isInteger(k) && k >= 1));
  if (wrong === undefined) return [...new Set(ks)].sort((a, b) => a - b);
  throw new ImagekinError('wrong-usage', {
    where: 'evaluateEmbeddings: ks',
    expected: 'whole numbers of at least 1',
    got: `${wrong}`,
    fix: 'ask for example for [1, 10]',
  });
}

function requireQueries(means: QueryMetrics<number | null>, { queries }: QueryFigures): QueryMetrics<number> {
  if (queries.length > 0) return means as QueryMetrics<number>;
  throw new ImagekinError('too-few-images', {
    where: 'evaluateEmbeddings',
    expected:
      'at least one class with two images in the test split, or an image of a tested class in the gallery',
    got: 'none',
    fix: 'add images, or evaluate a split that holds several of a class',
  });
}
