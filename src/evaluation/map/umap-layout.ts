import { setImmediate } from 'node:timers/promises';
import { UMAP } from 'umap-js';
import { Random } from '../../core/random.js';
import type { Neighbourhoods } from '../neighbourhoods.js';

export interface UmapRequest {
  /** The nearest others of each vector, of which the first `width` are used. */
  readonly near: Neighbourhoods;
  /** float64 [n, 2]: where points begin. */
  readonly start: Float64Array;
  /** Neighbours that a point is drawn to. */
  readonly width: number;
  /** How close points may come to lie. Default 0.1. */
  readonly minDistance?: number;
  readonly epochs: number;
  /** Equal seeds give equal maps. */
  readonly seed: number;
  /** Told after every epoch. */
  readonly onEpoch?: (done: number) => void;
  readonly signal?: AbortSignal;
}

/** Fewer points are no matter for UMAP: they stay where they begin. */
const leastPoints = 5;
/** Points that begin at one place would be moved as one. */
const jitter = 1e-4;

/**
 * UMAP (McInnes, Healy and Melville 2018, "UMAP: Uniform Manifold Approximation and Projection"), by umap-js, from neighbours
 * that are given: its own search is approximate, and neither its neighbours nor its random start are a collection's. Distances
 * are cosine distances, 1 − cosine.
 *
 * Between two epochs the thread listens to others, so that it can be stopped there.
 *
 * @returns float32 [n, 2]
 */
export async function umapLayout(request: UmapRequest): Promise<Float32Array> {
  const { near, start, epochs, seed, minDistance = 0.1, onEpoch, signal } = request;
  const count = start.length / 2;
  // It wants more points than a neighbourhood has, the point itself among them.
  const width = Math.min(request.width, near.width, count - 2);
  if (count < leastPoints) return Float32Array.from(start);
  const random = Random.of(seed, 'umap');
  const umap = new UMAP({
    // It counts a point among its own neighbours.
    nNeighbors: width + 1,
    nEpochs: epochs,
    minDist: minDistance,
    random: () => random.uniform(),
  });
  const { indices, distances } = precomputed(near, count, width);
  umap.setPrecomputedKNN(indices, distances);
  signal?.throwIfAborted();
  // It asks the vectors for nothing but how many there are, once the neighbours are known.
  umap.initializeFit(indices);
  const places = umap.getEmbedding();
  for (const [i, place] of places.entries())
    for (let axis = 0; axis < 2; axis++) place[axis] = start[2 * i + axis]! + jitter * random.normal();
  for (let epoch = 0; epoch < epochs; epoch++) {
    umap.step();
    onEpoch?.(epoch + 1);
    await setImmediate();
    signal?.throwIfAborted();
  }
  return Float32Array.from(umap.getEmbedding().flat());
}

/**
 * Of what float32 cannot tell from nothing UMAP is told a distance nonetheless: where all of a point's neighbours are copies of
 * it, it would compare the point to the mean of everything, one such point after the other.
 */
const leastDistance = 1e-6;

function precomputed(near: Neighbourhoods, count: number, width: number) {
  const indices: number[][] = [];
  const distances: number[][] = [];
  for (let i = 0; i < count; i++) {
    const at = i * near.width;
    indices.push([i, ...near.indices.subarray(at, at + width)]);
    distances.push([
      0,
      ...Array.from(near.cosines.subarray(at, at + width), (cosine) => Math.max(leastDistance, 1 - cosine)),
    ]);
  }
  return { indices, distances };
}
