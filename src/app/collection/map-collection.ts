import { extname } from 'node:path';
import { shownPath } from '../../collection/catalog/image-record.js';
import { Collection } from '../../collection/collection.js';
import { ImagekinError } from '../../core/errors.js';
import { writeChunksAtomic, writeFileAtomic } from '../../core/files.js';
import type { OnProgress } from '../../core/progress.js';
import { csvField } from '../../data/listings/write-manifest.js';
import type { EmbeddingMap } from '../../evaluation/map/embedding-map.js';
import { defaultOutlierScore } from '../../evaluation/outlier-scores.js';
import { requireWritableFile } from '../require-writable.js';
import { type ComputedMap, computeMap } from './compute-map.js';
import { drawMap, mapPageOf } from './map-pictures.js';
import type { MapCluster, MapColouring, MappedImage, MapResult } from './map-result.js';
import { summarizeClusters } from './summarize-clusters.js';

export interface MapCollectionOptions {
  /** Folder of the collection. */
  readonly collection: string;
  /** Files to write; what they are is told by how their names end: .html, .png, .csv, .jsonl, .json. */
  readonly out?: readonly string[];
  /** Default: as many clusters as there are. */
  readonly clusters?: number;
  /** Images of more than so many are placed among those. Default 10,000. */
  readonly laidOut?: number;
  /** What the colours of a picture tell apart. Default `cluster`. */
  readonly colourBy?: MapColouring;
  readonly seed?: number;
  readonly threads?: number;
  /** What the user typed, for the page. */
  readonly command?: string;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

const writers = {
  '.html': 'page',
  '.png': 'picture',
  '.csv': 'table',
  '.jsonl': 'lines',
  '.json': 'document',
} as const;

/**
 * Makes a map of a collection: places in the plane, clusters, outliers.
 * @throws ImagekinError `collection-missing`, `wrong-usage`, `empty-source`, `file-not-writable`
 */
export async function mapCollection(options: MapCollectionOptions): Promise<MapResult> {
  const { out = [], clusters, laidOut, seed = 0, threads, onProgress, signal } = options;
  const startedMs = performance.now();
  for (const path of out) {
    writerOf(path);
    await requireWritableFile(path);
  }
  const collection = Collection.open(options.collection);
  try {
    const { model } = collection;
    const { ids, map } = await computeMap(collection, {
      clusters,
      laidOut,
      seed,
      threads,
      onProgress,
      signal,
    });
    const images = mappedImages(collection, ids, map);
    const result: MapResult = {
      collection: options.collection,
      model: model.name,
      modelId: model.id,
      images: images.length,
      laidOut: map.laidOut,
      clusters: clustersOf(images, { ids, map }),
      outliers: images
        .filter(({ score }) => score >= defaultOutlierScore)
        .sort((a, b) => b.score - a.score || a.id - b.id)
        .map(({ id, path, cluster, distance, score }) => ({ id, path, cluster, distance, score })),
      trustworthiness: map.trustworthiness,
      seed,
      files: out,
      seconds: 0,
    };
    for (const path of out) await write(path, result, images, collection, options);
    return { ...result, seconds: (performance.now() - startedMs) / 1000 };
  } finally {
    collection.close();
  }
}

function writerOf(path: string): (typeof writers)[keyof typeof writers] {
  const extension = extname(path).toLowerCase();
  if (Object.hasOwn(writers, extension)) return writers[extension as keyof typeof writers];
  throw new ImagekinError('wrong-usage', {
    where: '-o',
    expected: `a file name that ends in ${Object.keys(writers).join(', ')}`,
    got: path,
    fix: 'write for example -o map.html',
  });
}

async function write(
  path: string,
  result: MapResult,
  images: readonly MappedImage[],
  collection: Collection,
  { colourBy = 'cluster', command = 'imagekin map', onProgress, signal }: MapCollectionOptions,
): Promise<void> {
  const kind = writerOf(path);
  if (kind === 'page')
    await writeFileAtomic(path, await mapPageOf(result, images, collection, { command, onProgress, signal }));
  else if (kind === 'picture')
    await writeFileAtomic(path, await drawMap(result, images, collection, colourBy));
  else if (kind === 'table') await writeChunksAtomic(path, csvLines(images, result));
  else if (kind === 'lines') await writeChunksAtomic(path, jsonLines(images, result));
  else
    await writeFileAtomic(
      path,
      `${JSON.stringify({ ...result, points: [...pointsOf(images, result)] }, null, 1)}\n`,
    );
}

const imagesAtOnce = 1000;

function mappedImages({ catalog }: Collection, ids: Uint32Array, map: EmbeddingMap): MappedImage[] {
  const images: MappedImage[] = [];
  for (let first = 0; first < ids.length; first += imagesAtOnce) {
    const records = catalog.images.byId(ids.subarray(first, first + imagesAtOnce));
    const byId = new Map(records.map((record) => [record.id, record]));
    for (let row = first; row < Math.min(first + imagesAtOnce, ids.length); row++) {
      const record = byId.get(ids[row]!);
      if (record === undefined || record.missingSince !== null) continue;
      images.push({
        id: record.id,
        path: shownPath(record),
        isFile: record.entry === '',
        label: record.label,
        x: map.places[2 * row]!,
        y: map.places[2 * row + 1]!,
        cluster: map.clusters[row]! + 1,
        distance: map.distances[row]!,
        score: map.outlierScores[row]!,
      });
    }
  }
  return images;
}

function clustersOf(
  images: readonly MappedImage[],
  { ids, map }: Pick<ComputedMap, 'ids' | 'map'>,
): MapCluster[] {
  const pathOf = new Map(images.map(({ id, path }) => [id, path]));
  return summarizeClusters(images, { ids, map }).map((cluster) => ({
    ...cluster,
    medoid: { id: cluster.medoid, path: pathOf.get(cluster.medoid)! },
  }));
}

/** Lines of files of coordinates. */
function* pointsOf(images: readonly MappedImage[], { clusters }: MapResult) {
  const medoids = new Set(clusters.map(({ medoid }) => medoid.id));
  for (const { id, path, label, x, y, cluster, distance, score } of images)
    yield { id, path, label, x, y, cluster, medoid: medoids.has(id), outlierScore: score, distance };
}

function* csvLines(images: readonly MappedImage[], result: MapResult): Generator<string> {
  yield 'id,path,label,x,y,cluster,medoid,outlierScore,distance\n';
  for (const { id, path, label, x, y, cluster, medoid, outlierScore, distance } of pointsOf(images, result))
    yield `${[id, path, label, x, y, cluster, medoid, outlierScore, distance].map(csvField).join(',')}\n`;
}

function* jsonLines(images: readonly MappedImage[], result: MapResult): Generator<string> {
  for (const point of pointsOf(images, result)) yield `${JSON.stringify(point)}\n`;
}
