import { Random } from '../../core/random.js';
import type { LabelledEmbeddings } from '../labelled-embeddings.js';
import { membersOf } from './halves.js';
import type { DrawOptions } from './neighbour-pairs.js';
import type { ScoredPairs } from './scored-pairs.js';

export interface RandomPairsOptions extends DrawOptions {
  /** Pairs drawn of one class, and as many of different classes; all of them where there are fewer. Default 20,000. */
  readonly mostPerKind?: number;
}

type Pair = readonly [a: number, b: number];

/**
 * Any two different images, stratified: with thousands of classes hardly one pair in a thousand would be of one class,
 * so pairs of one class and of different classes are drawn apart, each kind evenly and without repetition. Weights give
 * the draw the base rate of the whole set, Σ_c n_c(n_c − 1) / n(n − 1), which is what it is calibrated for.
 *
 * @returns up to 2 · mostPerKind pairs; clusters are classes or images
 */
export function randomPairs(set: LabelledEmbeddings, options: RandomPairsOptions): ScoredPairs {
  const { embeddings, labels } = set;
  const { dimension, clusterBy, mostPerKind = 20_000, seed = 0 } = options;
  const members = [...membersOf(labels).values()];
  const all = pairsAmong(labels.length);
  const samePairs = members.reduce((sum, { length }) => sum + pairsAmong(length), 0);
  const random = Random.of(seed, 'calibration', 'random pairs');
  const positives = drawSame(members, samePairs, mostPerKind, random);
  const negatives = drawDifferent(labels, all - samePairs, mostPerKind, random);
  const pairs = [...positives, ...negatives];
  const priorSame = samePairs / all;
  const weightOf = (share: number, drawn: number) => (share * pairs.length) / drawn;
  const weights = [weightOf(1 - priorSame, negatives.length), weightOf(priorSame, positives.length)];
  const clusterOf = (image: number) => (clusterBy === 'classes' ? labels[image] : image);
  const same = Uint8Array.from(pairs, (_, i) => (i < positives.length ? 1 : 0));
  return {
    scores: Float64Array.from(pairs, ([a, b]) => cosine(embeddings, dimension, a, b)),
    same,
    weights: Float64Array.from(same, (kind) => weights[kind]),
    clusters: Int32Array.from(pairs, ([a]) => clusterOf(a)),
    partners: Int32Array.from(pairs, ([, b]) => clusterOf(b)),
  };
}

function pairsAmong(count: number): number {
  return (count * (count - 1)) / 2;
}

function drawSame(
  members: readonly (readonly number[])[],
  available: number,
  most: number,
  random: Random,
): Pair[] {
  const pairOf = (indices: readonly number[], i: number, j: number): Pair => [indices[i], indices[j]];
  if (available <= most)
    return members.flatMap((indices) =>
      indices.flatMap((_, i) => Array.from({ length: i }, (_, j) => pairOf(indices, i, j))),
    );
  // A class by its share of the pairs, then two of its images.
  let running = 0;
  const upTo = members.map(({ length }) => {
    running += pairsAmong(length);
    return running;
  });
  return distinct(most, () => {
    const at = random.uniform() * available;
    const indices = members[firstAbove(upTo, at)];
    const [i, j] = random.sample(2, indices.length);
    return pairOf(indices, i, j);
  });
}

function drawDifferent(labels: Int32Array, available: number, most: number, random: Random): Pair[] {
  if (available <= most) {
    const pairs: Pair[] = [];
    for (let a = 0; a < labels.length; a++)
      for (let b = 0; b < a; b++) if (labels[a] !== labels[b]) pairs.push([a, b]);
    return pairs;
  }
  return distinct(most, () => {
    for (;;) {
      const [a, b] = random.sample(2, labels.length);
      if (labels[a] !== labels[b]) return [a, b];
    }
  });
}

/** Draws until `count` different pairs are there, (a, b) and (b, a) being the same. */
function distinct(count: number, draw: () => Pair): Pair[] {
  const drawn = new Map<string, Pair>();
  while (drawn.size < count) {
    const pair = draw();
    drawn.set(`${Math.min(...pair)} ${Math.max(...pair)}`, pair);
  }
  return [...drawn.values()];
}

/** Index of the first of rising values that is above `value`. */
function firstAbove(rising: readonly number[], value: number): number {
  let [low, high] = [0, rising.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rising[middle] > value) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Dot product of two rows of unit vectors, in float64. */
function cosine(embeddings: Float32Array, dimension: number, a: number, b: number): number {
  let sum = 0;
  for (let d = 0; d < dimension; d++) sum += embeddings[a * dimension + d] * embeddings[b * dimension + d];
  return sum;
}
