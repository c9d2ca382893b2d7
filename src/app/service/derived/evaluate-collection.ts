import { Collection } from '../../../collection/collection.js';
import type { OnProgress } from '../../../core/progress.js';
import { bootstrap } from '../../../evaluation/bootstrap.js';
import { MetricColumns } from '../../../evaluation/metric-columns.js';
import {
  classMeans,
  microMeans,
  type QueryFigures,
  queryFigures,
} from '../../../evaluation/query-figures.js';
import { rankEmbeddings } from '../../../evaluation/ranking/rank-embeddings.js';
import { SuspectedLabels } from '../../../evaluation/suspected-labels.js';
import { writeDerived } from './derived-state.js';
import { type LabelledVectors, labelledVectors } from './labelled-vectors.js';
import { nearestConfusion } from './nearest-confusion.js';
import { neighboursFile } from './neighbours-file.js';
import { evaluationFile, type StoredEvaluation } from './stored-evaluation.js';

export interface EvaluateCollectionOptions {
  /** Folder of the collection. */
  readonly collection: string;
  readonly threads?: number;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

/** Figures of an evaluation that was made. */
export interface CollectionEvaluation {
  /** With a label and a vector. */
  readonly images: number;
  readonly queries: number;
  /** Without a label, or without a vector, or the only one of its label. */
  readonly leftOut: number;
  readonly labels: number;
  readonly precisionAt1: number | null;
  readonly suspects: number;
  readonly seconds: number;
}

/**
 * Measures how well near images of a collection have the same label, each looked for among all others, by the vectors that it
 * has; and keeps it there: `derived/evaluation.json`, and the nearest of every image beside it.
 *
 * Exact, so the time grows with the square of the number of images. Memory is two copies of the vectors, one more for each thread
 * that ranks as long as these stay within 2 GiB, and some 100 bytes an image.
 * @throws `collection-missing`
 */
export async function evaluateCollection(options: EvaluateCollectionOptions): Promise<CollectionEvaluation> {
  const startedMs = performance.now();
  const collection = Collection.open(options.collection);
  try {
    const all = collection.catalog.images.count();
    options.onProgress?.({ task: 'reading vectors', done: 0, total: all, unit: 'images' });
    const labelled = labelledVectors(collection);
    const { ids, labels, classNames } = labelled;
    const { figures, nearest, scores, suspected } = await ranked(labelled, options);
    const means = microMeans(figures);
    // Whose label no other image has can only be confused: it counts neither in figures nor in the matrix.
    const counted = figures.queries;
    const { interval, perLabel } = figuresOf(figures, labelled);
    const content: StoredEvaluation = {
      images: ids.length,
      queries: counted.length,
      figures:
        counted.length === 0
          ? null
          : {
              precisionAt1: means.precisionAt1!,
              precisionAt10: means.precisionAt10!,
              rPrecision: means.rPrecision!,
              mapAtR: means.mapAtR!,
            },
      intervals: interval && { precisionAt1: interval },
      perLabel,
      confusion: nearestConfusion({ labels, classNames, queries: counted, nearest }),
      suspects: suspected.map(({ image, suggested, share, ownShare }) => ({
        id: ids[image]!,
        label: classNames[labels[image]!]!,
        suggested: classNames[suggested]!,
        share,
        ownShare,
      })),
    };
    options.signal?.throwIfAborted();
    const bytes = await neighboursFile({ ...labelled, queries: counted, nearest, scores });
    await writeDerived(options.collection, evaluationFile, labelled.origin, content, {
      extension: '.arrow',
      bytes,
    });
    return {
      images: ids.length,
      queries: counted.length,
      leftOut: all - counted.length,
      labels: classNames.length,
      precisionAt1: means.precisionAt1,
      suspects: suspected.length,
      seconds: (performance.now() - startedMs) / 1000,
    };
  } finally {
    collection.close();
  }
}

/** Every image's ranking of the others, as far as it is of use. */
async function ranked(
  { embeddings, labels, classNames, contents, dimension }: LabelledVectors,
  { threads, onProgress, signal }: EvaluateCollectionOptions,
) {
  const nearest = new Int32Array(labels.length).fill(-1);
  const scores = new Float32Array(labels.length);
  const suspects = new SuspectedLabels({ labels, classCount: classNames.length, contents });
  const values = await rankEmbeddings({
    test: { embeddings, labels },
    classCount: classNames.length,
    dimension,
    ks: [],
    neighbours: SuspectedLabels.neighbours,
    threads,
    signal,
    onProgress,
    onNeighbours(block) {
      for (let row = 0; row < block.queryCount; row++) {
        nearest[block.firstQuery + row] = block.indices[row * block.k]!;
        scores[block.firstQuery + row] = block.scores[row * block.k]!;
      }
      suspects.add(block);
    },
  });
  return { figures: queryFigures(values, labels, [], null), nearest, scores, suspected: suspects.ranked() };
}

function figuresOf(figures: QueryFigures, { labels, classNames }: LabelledVectors) {
  const columns = new MetricColumns(figures.ks);
  const at = columns.named((column) => column).precisionAt1;
  const hits = Float64Array.from(figures.queries, (_, i) => figures.values[i * columns.count + at]!);
  // The same resamples as those of `imagekin eval`, so the same interval.
  const [interval] = hits.length === 0 ? [] : bootstrap(hits);
  const imagesOf = new Int32Array(classNames.length);
  for (const label of labels) imagesOf[label]!++;
  const perLabel = classMeans(figures, classNames.length).map(({ precisionAt1, mapAtR }, label) => ({
    label: classNames[label]!,
    images: imagesOf[label]!,
    precisionAt1,
    mapAtR,
  }));
  return {
    interval: interval ? [interval.low, interval.high] : null,
    perLabel: perLabel.sort(largestFirst),
  };
}

function largestFirst(
  a: { readonly images: number; readonly label: string },
  b: { readonly images: number; readonly label: string },
): number {
  return b.images - a.images || (a.label < b.label ? -1 : 1);
}
