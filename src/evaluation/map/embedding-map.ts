import { ImagekinError } from '../../core/errors.js';
import type { OnProgress } from '../../core/progress.js';
import { Random } from '../../core/random.js';
import { communities, fixedCommunities } from '../clusters/communities.js';
import { medoids } from '../clusters/medoids.js';
import { neighbourGraph } from '../clusters/neighbour-graph.js';
import { type Neighbourhoods, neighbourhoods, neighbourhoodsAmong } from '../neighbourhoods.js';
import { outlierScores } from '../outlier-scores.js';
import { placeAmong } from './place-among.js';
import { principalPlane } from './principal-plane.js';
import { trustworthiness } from './trustworthiness.js';
import { umapLayout } from './umap-layout.js';

/** Neighbours that a point is drawn to and grouped with: the usual number of UMAP. */
export const mapNeighbours = 15;

/** Neighbours whose mean distance says how far an image is from others. */
const outlierNeighbours = 10;

/** Neighbours by which a point is placed that is not laid out itself. */
const placingNeighbours = 5;

/** Points whose neighbours on the map are held against their neighbours indeed. */
const trustPoints = 300;

/** Points that are laid out, unless somebody says otherwise: a minute's work. */
export const defaultLaidOut = 10_000;

export interface EmbeddingMapRequest {
  readonly count: number;
  readonly dimension: number;
  /** All vectors, in blocks of float32 [m, dimension], unit length, together `count`. Walked through twice. */
  readonly blocks: () => Iterable<Float32Array>;
  /** Default: as many as there are. */
  readonly clusters?: number;
  /** Of more points, so many drawn by the seed are laid out, and the others placed among them. */
  readonly laidOut?: number;
  /** Equal seeds give equal maps on one machine. Default 0. */
  readonly seed?: number;
  readonly threads?: number;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

export interface EmbeddingMap {
  /** float32 [n, 2] */
  readonly places: Float32Array;
  /** int32 [n]: from 0, the largest first. */
  readonly clusters: Int32Array;
  readonly clusterCount: number;
  /** int32 [clusters]: the point in the middle of each, of those laid out. */
  readonly medoids: Int32Array;
  /** float32 [n]: mean cosine distance to the nearest. */
  readonly distances: Float32Array;
  /** float64 [n]: see `outlierScores`. */
  readonly outlierScores: Float64Array;
  /** Points that were laid out. */
  readonly laidOut: number;
  /** Of the points laid out: see `trustworthiness`. */
  readonly trustworthiness: number;
}

/**
 * A map of an embedding: every point with a place in the plane, its cluster, and how far it is from others.
 *
 * All three come from the same exact neighbours: places by UMAP from the principal plane, clusters as communities of the graph
 * of neighbours. Where there are more points than `laidOut`, this is done for a sample; each of the others is placed among its
 * nearest of the sample, belongs to the cluster that most of them belong to, and is as far from others as from the sample.
 * Memory is bounded by the sample, a block, and some 20 bytes a point.
 *
 * @throws ImagekinError `wrong-usage` where more clusters are asked for than there are points laid out
 */
export async function embeddingMap(request: EmbeddingMapRequest): Promise<EmbeddingMap> {
  const { count, dimension, seed = 0, threads, onProgress, signal } = request;
  const sample = sampleOf(count, request.laidOut ?? defaultLaidOut, seed);
  const laidOut = sample.length;
  if (request.clusters !== undefined && request.clusters > Math.max(1, laidOut))
    throw new ImagekinError('wrong-usage', {
      where: '--clusters',
      expected: `at most as many clusters as images, ${laidOut}`,
      got: String(request.clusters),
      fix: 'ask for fewer',
    });
  const vectors = gathered(request, sample);
  const near = await neighbourhoods(vectors, dimension, mapNeighbours, {
    threads,
    signal,
    onProgress: (done) => onProgress?.({ task: 'finding neighbours', done, total: count, unit: 'images' }),
  });
  const graph = neighbourGraph(near, laidOut, mapNeighbours);
  const found =
    request.clusters === undefined
      ? communities(graph, { seed })
      : fixedCommunities(graph, request.clusters, seed);
  const clusterCount = found.reduce((most, cluster) => Math.max(most, cluster + 1), 0);
  const epochs = laidOut <= 2500 ? 300 : 200;
  onProgress?.({ task: 'laying out the map', done: 0, total: epochs, unit: 'rounds' });
  const layout = await umapLayout({
    near,
    start: principalPlane(vectors, dimension, seed),
    width: mapNeighbours,
    epochs,
    seed,
    onEpoch: (done) => onProgress?.({ task: 'laying out the map', done, total: epochs, unit: 'rounds' }),
    signal,
  });

  const places = new Float32Array(2 * count);
  const clusters = new Int32Array(count);
  const distances = new Float32Array(count);
  for (const [i, point] of sample.entries()) {
    places.set(layout.subarray(2 * i, 2 * i + 2), 2 * point);
    clusters[point] = found[i]!;
    distances[point] = meanDistance(near, i);
  }
  const isLaidOut = new Uint8Array(laidOut === count ? 0 : count);
  for (const point of sample) if (laidOut < count) isLaidOut[point] = 1;
  let placed = laidOut;
  for (const { rows, block } of othersOf(request, isLaidOut)) {
    const nearest = await neighbourhoodsAmong(block, vectors, dimension, mapNeighbours, { threads, signal });
    const spots = placeAmong(firstOf(nearest, placingNeighbours), layout);
    for (const [i, point] of rows.entries()) {
      places.set(spots.subarray(2 * i, 2 * i + 2), 2 * point);
      clusters[point] = commonest(nearest, i, found);
      distances[point] = meanDistance(nearest, i);
    }
    placed += rows.length;
    onProgress?.({ task: 'placing the others', done: placed, total: count, unit: 'images' });
    signal?.throwIfAborted();
  }
  return {
    places,
    ...largestFirst(clusters, medoids(vectors, dimension, found, clusterCount), sample),
    clusterCount,
    distances,
    outlierScores: outlierScores(distances),
    laidOut,
    trustworthiness: trustworthiness({
      vectors,
      dimension,
      places: layout,
      k: Math.min(mapNeighbours, Math.max(1, Math.floor(laidOut / 2) - 1)),
      points: trustPoints,
      seed,
    }),
  };
}

/** Which points are laid out, ascending. */
function sampleOf(count: number, most: number, seed: number): Int32Array {
  if (count <= most) return Int32Array.from({ length: count }, (_, point) => point);
  return Int32Array.from(Random.of(seed, 'map sample').sample(most, count)).sort();
}

function gathered({ blocks, dimension }: EmbeddingMapRequest, sample: Int32Array): Float32Array {
  const vectors = new Float32Array(sample.length * dimension);
  let [first, next] = [0, 0];
  for (const block of blocks()) {
    const end = first + block.length / dimension;
    for (; next < sample.length && sample[next]! < end; next++) {
      const from = (sample[next]! - first) * dimension;
      vectors.set(block.subarray(from, from + dimension), next * dimension);
    }
    first = end;
  }
  return vectors;
}

/** The points that are not laid out, block by block. */
function* othersOf({ blocks, dimension }: EmbeddingMapRequest, isLaidOut: Uint8Array) {
  if (isLaidOut.length === 0) return;
  let first = 0;
  for (const block of blocks()) {
    const rows: number[] = [];
    for (let i = 0; i < block.length / dimension; i++) if (!isLaidOut[first + i]) rows.push(first + i);
    const vectors = new Float32Array(rows.length * dimension);
    for (const [to, row] of rows.entries())
      vectors.set(block.subarray((row - first) * dimension, (row - first + 1) * dimension), to * dimension);
    first += block.length / dimension;
    if (rows.length > 0) yield { rows, block: vectors };
  }
}

function meanDistance({ width, cosines }: Neighbourhoods, i: number): number {
  const most = Math.min(width, outlierNeighbours);
  let sum = 0;
  for (let rank = 0; rank < most; rank++) sum += cosines[i * width + rank]!;
  return most === 0 ? 0 : Math.max(0, 1 - sum / most);
}

function firstOf(near: Neighbourhoods, width: number): Neighbourhoods {
  if (near.width <= width) return near;
  const of = <Values extends Int32Array | Float32Array>(values: Values) =>
    values.filter((_, at) => at % near.width < width) as Values;
  return { width, indices: of(near.indices), cosines: of(near.cosines) };
}

/** The cluster that most neighbours belong to; of equally many that of the nearest. */
function commonest({ width, indices }: Neighbourhoods, i: number, clusters: Int32Array): number {
  const votes = new Map<number, number>();
  for (const neighbour of indices.subarray(i * width, (i + 1) * width)) {
    const cluster = clusters[neighbour]!;
    votes.set(cluster, (votes.get(cluster) ?? 0) + 1);
  }
  return [...votes].reduce((best, vote) => (vote[1] > best[1] ? vote : best))[0];
}

/** The others may have made a cluster larger than the one before it. */
function largestFirst(clusters: Int32Array, medoidOf: Int32Array, sample: Int32Array) {
  const sizes = new Int32Array(medoidOf.length);
  for (const cluster of clusters) sizes[cluster]!++;
  const order = [...sizes.keys()].sort((a, b) => sizes[b]! - sizes[a]! || a - b);
  const rank = new Int32Array(medoidOf.length);
  for (const [place, cluster] of order.entries()) rank[cluster] = place;
  return {
    clusters: clusters.map((cluster) => rank[cluster]!),
    medoids: Int32Array.from(order, (cluster) => sample[medoidOf[cluster]!]!),
  };
}
