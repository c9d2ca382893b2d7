import { ImagekinError } from '../core/errors.js';

/** Unit vectors with the class of each. */
export interface LabelledEmbeddings {
  /** float32 [n, dimension], unit length. */
  readonly embeddings: Float32Array;
  /** int32 [n], class indices. */
  readonly labels: Int32Array;
  /** By class index. Two sets may number their classes differently: classes are the same by name. */
  readonly classNames: readonly string[];
}

/** Dot products of vectors no longer than √this are finite in float32, by Cauchy and Schwarz. */
const mostSquaredLength = 3e38;

/**
 * @param split what it is called in errors
 * @throws ImagekinError `shape-mismatch` where vectors, labels and classes do not fit, `training-diverged` where a vector is
 *   not finite
 */
export function checkLabelled(
  split: string,
  { embeddings, labels, classNames }: LabelledEmbeddings,
  dimension: number,
): void {
  const where = `evaluateEmbeddings: ${split}`;
  if (!(Number.isInteger(dimension) && dimension > 0) || embeddings.length !== labels.length * dimension)
    throw new ImagekinError('shape-mismatch', {
      where,
      expected: `embeddings [${labels.length}, ${dimension}] for ${labels.length} labels`,
      got: `${embeddings.length} values`,
      fix: 'embed the images the labels belong to, with the model of that dimension',
    });
  const stranger = labels.find((label) => !(label >= 0 && label < classNames.length));
  if (stranger !== undefined)
    throw new ImagekinError('shape-mismatch', {
      where,
      expected: `class indices below ${classNames.length}, the number of class names`,
      got: `${stranger}`,
      fix: 'name every class',
    });
  for (let i = 0, at = 0; i < labels.length; i++) {
    let squaredLength = 0;
    for (let j = 0; j < dimension; j++) squaredLength += embeddings[at++] ** 2;
    if (squaredLength < mostSquaredLength) continue;
    throw new ImagekinError('training-diverged', {
      where,
      expected: 'finite embeddings',
      got: Number.isFinite(squaredLength) ? `one of length ${Math.sqrt(squaredLength)}` : 'NaN or infinity',
      fix: 'train the model again with a lower learning rate',
    });
  }
}

/** The classes of two sets under one numbering: those of the first keep theirs, those only the second has follow. */
export interface SharedClasses {
  readonly classNames: readonly string[];
  /** int32: labels of the second set in that numbering. */
  readonly labels: Int32Array;
}

export function sharedClasses(first: LabelledEmbeddings, second: LabelledEmbeddings): SharedClasses {
  const classNames = [...first.classNames];
  const indexOf = new Map(classNames.map((name, index) => [name, index]));
  for (const name of second.classNames) if (!indexOf.has(name)) indexOf.set(name, classNames.push(name) - 1);
  const renumbered = second.classNames.map((name) => indexOf.get(name)!);
  return { classNames, labels: second.labels.map((label) => renumbered[label]) };
}
