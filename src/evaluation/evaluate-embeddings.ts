import { ImagekinError } from '../core/errors.js';
import type { OnProgress } from '../core/progress.js';
import { type NeighbourBlock, nearestNeighbours } from '../engine/nearest-neighbours.js';
import { ConfusionCounter } from './confusion-matrix.js';
import { embeddingSpread } from './embedding-spread.js';
import type { ConfusedPairExample, Evaluation, NeighbourExample } from './evaluation.js';
import { KnnAccuracy } from './knn-accuracy.js';
import { mostConfusedPairs } from './most-confused-pairs.js';
import { type RetrievalFigures, RetrievalMetrics } from './retrieval-metrics.js';

/** Unit vectors with the class of each. */
export interface LabelledEmbeddings {
  /** float32 [n, dimension], unit length. */
  readonly embeddings: Float32Array;
  /** int32 [n], class indices. */
  readonly labels: Int32Array;
  /** By class index. Two sets may number their classes differently: classes are the same by name. */
  readonly classNames: readonly string[];
}

export interface EvaluationRequest {
  readonly test: LabelledEmbeddings;
  /** For kNN accuracy. */
  readonly train?: LabelledEmbeddings;
  readonly dimension: number;
  /** The k of `recallAtK`. */
  readonly recallKs?: readonly number[];
  /** Voters of kNN accuracy. */
  readonly knnNeighbours?: number;
  /** Test indices whose neighbours are wanted for pictures. */
  readonly exampleQueries?: readonly number[];
  /** How many confused pairs are wanted. */
  readonly confusedPairs?: number;
  /** Default: all cores. */
  readonly threads?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress;
}

/** Neighbours per query in confusion matrices and examples. */
const neighboursShown = 10;

/**
 * Measures an embedding by its near neighbours: leave-one-out over the test split, and a vote of the training split
 * for kNN accuracy. Each split is searched once, block by block; what is held grows with the number of classes and of
 * the pairs of classes met, not with the number of neighbours looked at.
 *
 * @throws ImagekinError `shape-mismatch` where vectors and labels differ in number, `training-diverged` where a vector
 *   is not finite, `too-few-images` where no class of the test split has two images
 */
export async function evaluateEmbeddings(request: EvaluationRequest): Promise<Evaluation> {
  const { test, train, dimension, recallKs = [1, 10], exampleQueries = [] } = request;
  checkLabelled('test', test, dimension);
  if (train) checkLabelled('train', train, dimension);
  const spread = embeddingSpread(test.embeddings, dimension);
  checkFinite(spread.spread);

  const counted = { queryLabels: test.labels, classCount: test.classNames.length };
  const ks = [...new Set([1, 10, ...recallKs])].sort((a, b) => a - b);
  const metrics = new RetrievalMetrics({ ...counted, ks });
  const confusion = new ConfusionCounter({ ...counted, neighboursPerQuery: neighboursShown });
  const confusionOfFirstTen = new ConfusionCounter({
    ...counted,
    neighboursPerQuery: neighboursShown,
    queriesPerClass: 10,
  });
  const examples = new Map<number, NeighbourExample>();
  const wanted = new Set(exampleQueries);
  const k = metrics.neighboursNeeded;
  await search({ ...request, gallery: test, k, excludeSelf: true, task: 'comparing' }, (block) => {
    metrics.add(block);
    confusion.add(block);
    confusionOfFirstTen.add(block);
    for (const query of wanted) {
      const row = query - block.firstQuery;
      if (row >= 0 && row < block.queryCount) examples.set(query, exampleOf(block, row));
    }
  });

  const overall = metrics.overall();
  const matrix = confusion.matrix();
  return {
    queries: overall.queries,
    leftOut: overall.leftOut,
    ...measured(overall),
    recallAtK: Object.fromEntries(recallKs.map((at) => [at, overall.recallAtK[at]!])),
    ...(await knn(request)),
    perClass: metrics.perClass().map((figures, c) => ({
      name: test.classNames[c],
      images: figures.queries + figures.leftOut,
      precisionAt1: figures.precisionAtK[1],
      precisionAt10: figures.precisionAtK[10],
      rPrecision: figures.rPrecision,
      mapAtR: figures.mapAtR,
    })),
    confusion: matrix,
    confusionOfFirstTen: confusionOfFirstTen.matrix(),
    mostConfusedPairs: mostConfusedPairs(matrix, request.confusedPairs).map(
      (pair): ConfusedPairExample => ({ ...pair, closest: confusion.closest(...pair.classes)! }),
    ),
    spread,
    examples: exampleQueries.map((query) => examples.get(query)!),
  };
}

async function knn(request: EvaluationRequest): Promise<Pick<Evaluation, 'knnAccuracy' | 'knnNeighbours'>> {
  const { test, train, knnNeighbours } = request;
  const numbering = new Map(test.classNames.map((name, c) => [name, c]));
  const trainClasses = train?.classNames.map((name) => numbering.get(name));
  const trained = new Set(Array.from(train?.labels ?? [], (label) => trainClasses![label]));
  if (!train || !trainClasses || !test.labels.some((label) => trained.has(label)))
    return { knnAccuracy: null, knnNeighbours: null };
  // A class the test split does not know keeps a number of its own behind the known ones, and its votes.
  const known = test.classNames.length;
  const accuracy = new KnnAccuracy({
    queryLabels: test.labels,
    trainLabels: train.labels.map((label) => trainClasses[label] ?? known + label),
    classCount: known + train.classNames.length,
    k: knnNeighbours,
  });
  const k = accuracy.neighboursNeeded;
  await search({ ...request, gallery: train, k, task: 'voting' }, (block) => accuracy.add(block));
  return { knnAccuracy: accuracy.accuracy(), knnNeighbours: k };
}

interface Search extends Pick<EvaluationRequest, 'test' | 'dimension' | 'threads' | 'signal' | 'onProgress'> {
  readonly gallery: LabelledEmbeddings;
  readonly k: number;
  readonly excludeSelf?: boolean;
  readonly task: string;
}

async function search(request: Search, use: (block: NeighbourBlock) => void): Promise<void> {
  const { test, gallery, dimension, k, excludeSelf, threads, signal, onProgress, task } = request;
  const total = test.labels.length;
  for await (const block of nearestNeighbours({
    queries: test.embeddings,
    gallery: gallery.embeddings,
    dimension,
    k,
    excludeSelf,
    threads,
    signal,
  })) {
    use(block);
    onProgress?.({ task, done: block.firstQuery + block.queryCount, total, unit: 'queries' });
  }
}

function measured({ precisionAtK, rPrecision, mapAtR }: RetrievalFigures) {
  if (rPrecision === null || mapAtR === null)
    throw new ImagekinError('too-few-images', {
      where: 'evaluateEmbeddings',
      expected: 'at least one class with two images in the test split',
      got: 'none',
      fix: 'add images, or evaluate a split that holds several of a class',
    });
  return { precisionAt1: precisionAtK[1]!, precisionAt10: precisionAtK[10]!, rPrecision, mapAtR };
}

function exampleOf({ firstQuery, k, indices, scores }: NeighbourBlock, row: number): NeighbourExample {
  const start = row * k;
  const end = start + Math.min(k, neighboursShown);
  const found = indices.subarray(start, end).filter((neighbour) => neighbour >= 0);
  return {
    query: firstQuery + row,
    neighbours: [...found],
    scores: [...scores.subarray(start, start + found.length)],
  };
}

function checkLabelled(split: string, { embeddings, labels }: LabelledEmbeddings, dimension: number): void {
  if (embeddings.length === labels.length * dimension) return;
  throw new ImagekinError('shape-mismatch', {
    where: `evaluateEmbeddings: ${split}`,
    expected: `embeddings [${labels.length}, ${dimension}] for ${labels.length} labels`,
    got: `${embeddings.length} values`,
    fix: 'embed the images the labels belong to, with the model of that dimension',
  });
}

function checkFinite(spread: number): void {
  if (Number.isFinite(spread)) return;
  throw new ImagekinError('training-diverged', {
    where: 'evaluateEmbeddings',
    expected: 'finite embeddings',
    got: 'NaN or infinity',
    fix: 'train the model again with a lower learning rate',
  });
}
