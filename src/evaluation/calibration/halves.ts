import { Random } from '../../core/random.js';
import type { LabelledEmbeddings } from '../labelled-embeddings.js';

/** What is kept together when a set is halved: whole classes, or only the images themselves. */
export type HalvedBy = 'classes' | 'images';

export interface Halves {
  readonly by: HalvedBy;
  /** Indices of the images that maps and thresholds are fitted on, rising. */
  readonly fit: Int32Array;
  /** Indices of those that they are measured on, rising. */
  readonly heldOut: Int32Array;
}

/** From here on whole classes are kept together: each half then holds some twenty to resample. */
const fewestClassesToHalveBy = 40;

/**
 * Halves a labelled set at random, reproducibly.
 *
 * By `classes`, no class is in both halves: what is measured then is how a calibration carries over to other classes.
 * By `images`, each class gives half of its images to each side: how it carries over to other images of the same
 * classes. Left open, it is classes where at least 40 have two images or more. Either way the halves have no image in
 * common, so no pair of one half says anything about a pair of the other.
 *
 * @param labels int32 [n], class indices
 */
export function splitInHalves(
  labels: Int32Array,
  { by, seed = 0 }: { readonly by?: HalvedBy; readonly seed?: number } = {},
): Halves {
  const members = membersOf(labels);
  const pairable = [...members.values()].filter((indices) => indices.length > 1).length;
  const chosen = by ?? (pairable >= fewestClassesToHalveBy ? 'classes' : 'images');
  const sides: [number[], number[]] = [[], []];
  const random = Random.of(seed, 'calibration', 'halves', chosen);
  if (chosen === 'images') {
    for (const indices of members.values()) dealOut(random.shuffle(indices), sides, random);
  } else {
    // The largest first, so that two classes of about one size go to different sides.
    const classes = random.shuffle([...members.values()]).sort((a, b) => b.length - a.length);
    const dealt: [number[][], number[][]] = [[], []];
    dealOut(classes, dealt, random);
    sides[0] = dealt[0].flat();
    sides[1] = dealt[1].flat();
  }
  const rising = (indices: readonly number[]) => Int32Array.from(indices).sort();
  return { by: chosen, fit: rising(sides[0]), heldOut: rising(sides[1]) };
}

/** Gives one of every two to each side, which is which by lot. */
function dealOut<T>(items: readonly T[], sides: readonly [T[], T[]], random: Random): void {
  for (let i = 0; i < items.length; i += 2) {
    const first = random.integer(2);
    sides[first as 0 | 1].push(items[i]);
    if (i + 1 < items.length) sides[(1 - first) as 0 | 1].push(items[i + 1]);
  }
}

/** The images of each class, by class index; classes without images are left out. */
export function membersOf(labels: Int32Array): Map<number, number[]> {
  const members = new Map<number, number[]>();
  labels.forEach((label, index) => {
    const indices = members.get(label);
    if (indices) indices.push(index);
    else members.set(label, [index]);
  });
  return new Map([...members].sort(([a], [b]) => a - b));
}

/** The embeddings at `indices`. */
export function selectEmbeddings(
  { embeddings, labels, classNames }: LabelledEmbeddings,
  indices: Int32Array,
  dimension: number,
): LabelledEmbeddings {
  const selected = new Float32Array(indices.length * dimension);
  indices.forEach((index, row) => {
    selected.set(embeddings.subarray(index * dimension, (index + 1) * dimension), row * dimension);
  });
  return { embeddings: selected, labels: indices.map((index) => labels[index]), classNames };
}
