import type { OnProgress } from '../core/progress.js';
import { nearestNeighbours } from '../engine/nearest-neighbours.js';
import { KnnAccuracy } from './knn-accuracy.js';
import { type LabelledEmbeddings, sharedClasses } from './labelled-embeddings.js';

export interface KnnVoteRequest {
  readonly test: LabelledEmbeddings;
  readonly train: LabelledEmbeddings;
  readonly dimension: number;
  readonly knnNeighbours?: number;
  readonly threads?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress;
}

export interface KnnVote {
  /** Share of the queries that are voted right. */
  readonly accuracy: number;
  /** Voters per query. */
  readonly neighbours: number;
  /** uint8 [q]: 1 where the vote was right. */
  readonly correct: Uint8Array;
}

/** Has the training split vote for the class of every test item; `null` where the two have no class in common. */
export async function knnVote(request: KnnVoteRequest): Promise<KnnVote | null> {
  const { test, train, dimension, knnNeighbours, threads, signal, onProgress } = request;
  // A class that the test split does not know keeps a number of its own behind the known ones, and its votes.
  const { classNames, labels: trainLabels } = sharedClasses(test, train);
  const trained = new Set(trainLabels);
  if (!test.labels.some((label) => trained.has(label))) return null;
  const accuracy = new KnnAccuracy({
    queryLabels: test.labels,
    trainLabels,
    classCount: classNames.length,
    k: knnNeighbours,
  });
  const k = accuracy.neighboursNeeded;
  const total = test.labels.length;
  const blocks = nearestNeighbours({
    queries: test.embeddings,
    gallery: train.embeddings,
    dimension,
    k,
    threads,
    signal,
  });
  for await (const block of blocks) {
    accuracy.add(block);
    onProgress?.({
      task: 'voting',
      done: block.firstQuery + block.queryCount,
      total,
      unit: 'queries',
    });
  }
  return { accuracy: accuracy.accuracy()!, neighbours: k, correct: accuracy.correct };
}
