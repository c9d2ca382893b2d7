/** A gallery sorted by class, items of one class by index: in this order the positives of a query stand in a row. */
export interface ClassOrder {
  /** int32 [g]: position → index of the gallery item. */
  readonly indexAt: Int32Array;
  /** int32 [g]: index → position. */
  readonly positionOf: Int32Array;
  /** int32 [classes + 1]: class c stands at positions startOf[c] to startOf[c + 1], the latter excluded. */
  readonly startOf: Int32Array;
}

/** @param labels int32 [g], class indices below `classCount` */
export function classOrder(labels: Int32Array, classCount: number): ClassOrder {
  const startOf = new Int32Array(classCount + 1);
  for (const label of labels) startOf[label + 1]++;
  for (let c = 0; c < classCount; c++) startOf[c + 1] += startOf[c];
  const next = startOf.slice();
  const indexAt = new Int32Array(labels.length);
  const positionOf = labels.map((label, index) => {
    indexAt[next[label]] = index;
    return next[label]++;
  });
  return { indexAt, positionOf, startOf };
}

/**
 * The vectors in that order, a copy.
 * @param vectors float32 [g, dimension]
 */
export function inClassOrder(
  vectors: Float32Array,
  dimension: number,
  { indexAt }: ClassOrder,
): Float32Array {
  const sorted = new Float32Array(vectors.length);
  indexAt.forEach((index, position) => {
    sorted.set(vectors.subarray(index * dimension, (index + 1) * dimension), position * dimension);
  });
  return sorted;
}
