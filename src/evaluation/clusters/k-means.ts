import { ImagekinError } from '../../core/errors.js';
import type { OnProgress } from '../../core/progress.js';
import { Random } from '../../core/random.js';
import { DotProducts } from './dot-products.js';
import { NearestCentres } from './nearest-centres.js';
import { seedCentres } from './seed-centres.js';

export interface KMeansRequest {
  /** float32 [n, dimension] */
  readonly points: Float32Array;
  readonly dimension: number;
  /** Number of clusters, from 1 to n. */
  readonly k: number;
  /** Runs from other first centres, of which the one with the least inertia is kept. Default 3. */
  readonly restarts?: number;
  /** Default 100. */
  readonly maxIterations?: number;
  /** Equal seeds give equal clusters on one machine. Default 0. */
  readonly seed?: number;
  /** Default: all cores. */
  readonly threads?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress;
}

export interface Clusters {
  /** int32 [n]: cluster of each point. */
  readonly assignments: Int32Array;
  /** float32 [k, dimension] */
  readonly centres: Float32Array;
  /** Sum over points of the squared distance to their centre. */
  readonly inertia: number;
  /** Rounds of the run that was kept. */
  readonly iterations: number;
}

/**
 * k-means: Lloyd's algorithm from centres chosen by greedy k-means++, several times. Points go through the engine in blocks,
 * so memory is bounded by them and the points.
 *
 * A run ends when no point changes its cluster. A cluster that loses its last point starts anew at the point that lies
 * farthest from its own centre; where all points lie on centres there may be clusters without any.
 *
 * @throws ImagekinError `shape-mismatch` where `points` are no matrix of that dimension, `wrong-usage` for a k out of range
 */
export async function kMeans(request: KMeansRequest): Promise<Clusters> {
  const { points, dimension, k, restarts = 3, maxIterations = 100, seed = 0, signal, onProgress } = request;
  const count = points.length / dimension;
  if (!Number.isInteger(count) || count === 0)
    throw new ImagekinError('shape-mismatch', {
      where: 'kMeans',
      expected: `points [n, ${dimension}], n > 0`,
      got: `${points.length} values`,
      fix: 'pass the vectors one after the other and their dimension',
    });
  if (!(Number.isInteger(k) && k >= 1 && k <= count))
    throw new ImagekinError('wrong-usage', {
      where: 'kMeans',
      expected: `a number of clusters from 1 to the ${count} points`,
      got: `${k}`,
      fix: 'ask for fewer clusters',
    });
  const products = await DotProducts.open(request);
  const nearest = await NearestCentres.open(request);
  try {
    let best: Clusters | undefined;
    for (let restart = 0; restart < restarts; restart++) {
      signal?.throwIfAborted();
      const random = Random.of(seed, 'k-means', restart);
      const centres = await seedCentres(products, { points, dimension, k, random, signal });
      const clusters = await lloyd(nearest, centres, { points, dimension, maxIterations, signal });
      if (best === undefined || clusters.inertia < best.inertia) best = clusters;
      onProgress?.({ task: 'clustering', done: restart + 1, total: restarts, unit: 'restarts' });
    }
    return best!;
  } finally {
    await products.release();
    await nearest.release();
  }
}

interface Run {
  readonly points: Float32Array;
  readonly dimension: number;
  readonly maxIterations: number;
  readonly signal?: AbortSignal;
}

async function lloyd(
  nearest: NearestCentres,
  firstCentres: Float32Array,
  { points, dimension, maxIterations, signal }: Run,
): Promise<Clusters> {
  let centres = firstCentres;
  let { assignments, distances } = await nearest.of(centres);
  let iterations = 0;
  for (; iterations < maxIterations; iterations++) {
    signal?.throwIfAborted();
    fillEmptyClusters(assignments, distances, centres.length / dimension);
    const moved = centresOf(points, dimension, assignments, centres);
    const next = await nearest.of(moved);
    centres = moved;
    const settled = next.assignments.every((cluster, i) => cluster === assignments[i]);
    ({ assignments, distances } = next);
    if (settled) break;
  }
  return {
    assignments,
    centres,
    inertia: distances.reduce((sum, distance) => sum + distance, 0),
    iterations,
  };
}

/** The mean of the points of each cluster; a cluster without any keeps its centre. */
function centresOf(
  points: Float32Array,
  dimension: number,
  assignments: Int32Array,
  centres: Float32Array,
): Float32Array {
  const sums = new Float64Array(centres.length);
  const counts = new Int32Array(centres.length / dimension);
  for (let i = 0; i < assignments.length; i++) {
    const from = i * dimension;
    const to = assignments[i] * dimension;
    counts[assignments[i]]++;
    for (let j = 0; j < dimension; j++) sums[to + j] += points[from + j];
  }
  return centres.map((value, i) => {
    const count = counts[Math.floor(i / dimension)];
    return count === 0 ? value : sums[i] / count;
  });
}

/** Gives each empty cluster the point that is farthest from its centre, of clusters with more than one. */
function fillEmptyClusters(assignments: Int32Array, distances: Float64Array, k: number): void {
  const counts = new Int32Array(k);
  for (const cluster of assignments) counts[cluster]++;
  const empty = [...counts.keys()].filter((cluster) => counts[cluster] === 0);
  if (empty.length === 0) return;
  const farthestFirst = [...distances.keys()].sort((a, b) => distances[b] - distances[a] || a - b);
  for (const point of farthestFirst) {
    if (empty.length === 0 || distances[point] === 0) return;
    if (counts[assignments[point]] === 1) continue;
    counts[assignments[point]]--;
    assignments[point] = empty.shift()!;
    counts[assignments[point]] = 1;
  }
}
