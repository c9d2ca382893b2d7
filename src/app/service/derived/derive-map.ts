import { Collection } from '../../../collection/collection.js';
import type { OnProgress } from '../../../core/progress.js';
import { defaultOutlierScore } from '../../../evaluation/outlier-scores.js';
import { type ComputedMap, computeMap } from '../../collection/compute-map.js';
import { summarizeClusters } from '../../collection/summarize-clusters.js';
import { arrowStream } from '../../formats/arrow-stream.js';
import { originNow, writeDerived } from './derived-state.js';
import { labelCodes } from './label-codes.js';
import { mapFile, type StoredMap } from './stored-map.js';

export interface DeriveMapOptions {
  /** Folder of the collection. */
  readonly collection: string;
  /** Default: as many clusters as there are. */
  readonly clusters?: number;
  readonly threads?: number;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

/** Figures of a map that was made. */
export interface DerivedMap {
  readonly images: number;
  readonly laidOut: number;
  readonly clusters: number;
  readonly outliers: number;
  readonly trustworthiness: number;
  readonly seconds: number;
}

const mostOutliers = 500;

/**
 * Makes the map of a collection, and keeps it there: `derived/map.json`, and the points beside it as an Arrow stream.
 * @throws `collection-missing`, `empty-source`, `wrong-usage`
 */
export async function deriveMap(options: DeriveMapOptions): Promise<DerivedMap> {
  const startedMs = performance.now();
  const collection = Collection.open(options.collection);
  try {
    const { clusters, threads, onProgress, signal } = options;
    const origin = originNow(collection);
    const { ids, map } = await computeMap(collection, { clusters, threads, onProgress, signal });
    const { codes, texts, isThere } = labelCodes(collection, ids);
    // Rows of the images that are there still.
    const rows = Int32Array.from(ids.keys()).filter((row) => isThere[row] === 1);
    const outliers = outlierRows(map, rows);
    const content: StoredMap = {
      images: rows.length,
      laidOut: map.laidOut,
      trustworthiness: map.trustworthiness,
      clusters: summarizeClusters(
        imagesAt(rows, (row) => ({
          id: ids[row]!,
          cluster: map.clusters[row]! + 1,
          label: codes[row]! < 0 ? null : texts[codes[row]!]!,
        })),
        { ids, map },
      ),
      outliers: outliers.slice(0, mostOutliers).map((row) => ({
        id: ids[row]!,
        cluster: map.clusters[row]! + 1,
        distance: map.distances[row]!,
        outlierScore: map.outlierScores[row]!,
      })),
    };
    const bytes = await arrowStream({
      id: Uint32Array.from(rows, (row) => ids[row]!),
      x: Float32Array.from(rows, (row) => map.places[2 * row]!),
      y: Float32Array.from(rows, (row) => map.places[2 * row + 1]!),
      cluster: Uint16Array.from(rows, (row) => map.clusters[row]! + 1),
      outlierScore: Float32Array.from(rows, (row) => map.outlierScores[row]!),
      label: { codes: codes.filter((_, row) => isThere[row] === 1), texts },
    });
    signal?.throwIfAborted();
    await writeDerived(options.collection, mapFile, origin, content, { extension: '.arrow', bytes });
    return {
      images: rows.length,
      laidOut: map.laidOut,
      clusters: content.clusters.length,
      outliers: outliers.length,
      trustworthiness: map.trustworthiness,
      seconds: (performance.now() - startedMs) / 1000,
    };
  } finally {
    collection.close();
  }
}

/** Farthest first. */
function outlierRows({ outlierScores }: ComputedMap['map'], rows: Int32Array): number[] {
  return Array.from(rows.filter((row) => outlierScores[row]! >= defaultOutlierScore)).sort(
    (a, b) => outlierScores[b]! - outlierScores[a]! || a - b,
  );
}

function* imagesAt<Image>(rows: Int32Array, imageAt: (row: number) => Image): Generator<Image> {
  for (const row of rows) yield imageAt(row);
}
