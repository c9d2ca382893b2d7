import type { Random } from '../../core/random.js';
import type { DotProducts } from './dot-products.js';
import { squaredLengths } from './point-blocks.js';

interface Seeding {
  /** float32 [n, dimension] */
  readonly points: Float32Array;
  readonly dimension: number;
  readonly k: number;
  readonly random: Random;
  readonly signal?: AbortSignal;
}

/**
 * Chooses k points to start k-means from: the first at random, each further one with a chance in proportion to its squared
 * distance from the nearest of those chosen (k-means++; Arthur and Vassilvitskii, SODA 2007). Of each draw, 2 + ⌊ln k⌋
 * candidates are looked at and the one taken that leaves the least inertia (greedy k-means++, as in their section 5).
 *
 * @returns float32 [k, dimension]
 */
export async function seedCentres(products: DotProducts, seeding: Seeding): Promise<Float32Array> {
  const { points, dimension, k, random, signal } = seeding;
  const count = points.length / dimension;
  const lengths = squaredLengths(points, dimension);
  const pointAt = (index: number) => points.subarray(index * dimension, (index + 1) * dimension);
  const centres = new Float32Array(k * dimension);

  /** Squared distance of each point from the nearest centre. */
  const distances = new Float64Array(count).fill(Number.POSITIVE_INFINITY);
  for (let centre = 0; centre < k; centre++) {
    signal?.throwIfAborted();
    const candidates =
      centre === 0 ? [random.integer(count)] : draw(distances, 2 + Math.floor(Math.log(k)), random);
    const vectors = new Float32Array(candidates.length * dimension);
    candidates.forEach((index, i) => {
      vectors.set(pointAt(index), i * dimension);
    });
    const dots = await products.with(vectors);
    const distanceFrom = (candidate: number, i: number) =>
      Math.max(0, lengths[i] + lengths[candidates[candidate]] - 2 * dots[candidate * count + i]);
    let best = 0;
    let leastInertia = Number.POSITIVE_INFINITY;
    for (let candidate = 0; candidate < candidates.length; candidate++) {
      let inertia = 0;
      for (let i = 0; i < count; i++) inertia += Math.min(distances[i], distanceFrom(candidate, i));
      if (inertia < leastInertia) {
        leastInertia = inertia;
        best = candidate;
      }
    }
    for (let i = 0; i < count; i++) distances[i] = Math.min(distances[i], distanceFrom(best, i));
    // Rounding leaves a centre a little off itself; it must not be drawn again.
    distances[candidates[best]] = 0;
    centres.set(pointAt(candidates[best]), centre * dimension);
  }
  return centres;
}

/** Indices drawn with chances in proportion to their weights; at random where all weights are 0. */
function draw(weights: Float64Array, draws: number, random: Random): number[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  if (total === 0) return [random.integer(weights.length)];
  // One walk for all draws, the lowest first.
  const targets = Array.from({ length: draws }, () => random.uniform() * total).sort((a, b) => a - b);
  const drawn: number[] = [];
  let sum = 0;
  let last = 0;
  for (let i = 0; i < weights.length && drawn.length < draws; i++) {
    if (weights[i] === 0) continue;
    sum += weights[i];
    last = i;
    while (drawn.length < draws && targets[drawn.length] < sum) drawn.push(i);
  }
  while (drawn.length < draws) drawn.push(last);
  return drawn;
}
