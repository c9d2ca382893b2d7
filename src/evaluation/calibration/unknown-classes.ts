import { Random } from '../../core/random.js';
import { nearestNeighbours } from '../../engine/nearest-neighbours.js';
import type { LabelledEmbeddings } from '../labelled-embeddings.js';
import { membersOf, selectEmbeddings } from './halves.js';

/** How well a score tells queries of known classes from those of classes that the gallery does not hold. */
export interface UnknownClassFigures {
  readonly knownClasses: number;
  readonly withheldClasses: number;
  readonly knownQueries: number;
  readonly unknownQueries: number;
  /** P(score of a known query > that of an unknown one), ties counted half: 0.5 is no better than chance. */
  readonly auroc: number;
  /** Share of unknown queries that are accepted where 95 % of the known ones are. */
  readonly falsePositiveRateAt95: number;
  /** The score at which that is. */
  readonly scoreAt95: number;
}

/** The score of each query's nearest image in the gallery. */
export interface UnknownClassScores {
  readonly known: Float64Array;
  readonly unknown: Float64Array;
  readonly knownClasses: number;
  readonly withheldClasses: number;
}

export interface UnknownClassOptions {
  readonly dimension: number;
  /** Share of the classes that is withheld, at least one and not all. Default 0.3. */
  readonly withheldShare?: number;
  /** Default 0. */
  readonly seed?: number;
  readonly threads?: number;
  readonly signal?: AbortSignal;
}

/**
 * Withholds some classes by lot, and searches the rest for the images of both: known queries among the others of the
 * gallery, themselves left out by index; unknown ones in all of it. A known query whose class has no other image is
 * left out, as the gallery does not know its class either.
 *
 * @returns `null` where there are not two classes, one of them with two images
 */
export async function unknownClassScores(
  set: LabelledEmbeddings,
  { dimension, withheldShare = 0.3, seed = 0, threads, signal }: UnknownClassOptions,
): Promise<UnknownClassScores | null> {
  const members = [...membersOf(set.labels).values()];
  const withheld = new Set(
    Random.of(seed, 'calibration', 'withheld classes').sample(
      Math.min(members.length - 1, Math.max(1, Math.round(withheldShare * members.length))),
      members.length,
    ),
  );
  const ofKind = (kind: boolean) => members.filter((_, c) => withheld.has(c) === kind);
  const [knownMembers, unknownMembers] = [ofKind(false), ofKind(true)];
  const gallery = selectEmbeddings(set, Int32Array.from(knownMembers.flat()), dimension);
  const strangers = selectEmbeddings(set, Int32Array.from(unknownMembers.flat()), dimension);
  const search = { gallery: gallery.embeddings, dimension, k: 1, threads, signal };
  const sizes = knownMembers.flatMap((indices) => indices.map(() => indices.length));
  const known = (await bestScores({ ...search, queries: gallery.embeddings, excludeSelf: true })).filter(
    (_, i) => sizes[i] > 1,
  );
  const unknown = await bestScores({ ...search, queries: strangers.embeddings });
  if (known.length === 0 || unknown.length === 0) return null;
  return { known, unknown, knownClasses: knownMembers.length, withheldClasses: unknownMembers.length };
}

async function bestScores(request: Parameters<typeof nearestNeighbours>[0]): Promise<Float64Array> {
  const best = new Float64Array(request.queries.length / request.dimension);
  for await (const block of nearestNeighbours(request)) best.set(block.scores, block.firstQuery);
  return best;
}

/** AUROC and the false-positive rate at a true-positive rate of 95 %, of scores or of anything that rises with them. */
export function unknownClassFigures(scores: UnknownClassScores): UnknownClassFigures {
  const { known, unknown, knownClasses, withheldClasses } = scores;
  const scoreAt95 = scoreAccepting(known, 0.95);
  return {
    knownClasses,
    withheldClasses,
    knownQueries: known.length,
    unknownQueries: unknown.length,
    auroc: auroc(known, unknown),
    falsePositiveRateAt95: shareFrom(unknown, scoreAt95),
    scoreAt95,
  };
}

/**
 * Area under the ROC curve: P(a > b) + ½ P(a = b) for a random positive a and negative b, by ranks (Mann and Whitney
 * 1947), O(n log n).
 * @param positive float64 [n], at least one; likewise `negative`
 */
export function auroc(positive: Float64Array, negative: Float64Array): number {
  const sorted = Float64Array.from(negative).sort();
  let wins = 0;
  // Below and up to: the half of the tied ones counts.
  for (const score of positive) wins += (countBelow(sorted, score) + countBelow(sorted, score, true)) / 2;
  return wins / (positive.length * negative.length);
}

/** How many of sorted values are below a value, or at most it. */
function countBelow(sorted: Float64Array, value: number, orEqual = false): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] < value || (orEqual && sorted[middle] === value)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The highest score that accepts at least this share of the values. */
function scoreAccepting(values: Float64Array, share: number): number {
  const falling = Float64Array.from(values).sort().reverse();
  return falling[Math.max(0, Math.ceil(share * falling.length - 1e-9) - 1)];
}

/** Share of the values that are at least `score`. */
export function shareFrom(values: Float64Array, score: number): number {
  return values.reduce((count, value) => count + (value >= score ? 1 : 0), 0) / values.length;
}
