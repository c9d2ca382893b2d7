/** How far from 1 a length may be that is taken for 1: more than rounding to float32 does to thousands of numbers. */
export const lengthTolerance = 1e-4;

export interface UnitRows {
  /** Which of the rows are of use. */
  readonly kept: readonly number[];
  /** Those, of unit length: float32 [kept, dimension]. */
  readonly vectors: Float32Array;
  /** How many were of another length. */
  readonly normalized: number;
  readonly wrong: readonly { readonly row: number; readonly reason: string }[];
}

/**
 * Vectors brought to unit length: v / ‖v‖, the length in float64. Those that have it already stay as they are, to the bit.
 * Of no use is what is not finite, and zero, which has no direction.
 * @param vectors float32 [rows, dimension]; they are changed
 */
export function unitRows(vectors: Float32Array, dimension: number): UnitRows {
  const rows = vectors.length / dimension;
  const kept: number[] = [];
  const wrong: { row: number; reason: string }[] = [];
  let normalized = 0;
  for (let row = 0; row < rows; row++) {
    const begin = row * dimension;
    let squares = 0;
    for (let i = begin; i < begin + dimension; i++) squares += vectors[i]! * vectors[i]!;
    const length = Math.sqrt(squares);
    if (!Number.isFinite(length)) wrong.push({ row, reason: 'a vector with NaN or infinity' });
    else if (length === 0) wrong.push({ row, reason: 'a vector of zeros' });
    else {
      if (Math.abs(length - 1) > lengthTolerance) {
        normalized++;
        for (let i = begin; i < begin + dimension; i++) vectors[i]! /= length;
      }
      if (kept.length < row) vectors.copyWithin(kept.length * dimension, begin, begin + dimension);
      kept.push(row);
    }
  }
  return { kept, vectors: vectors.subarray(0, kept.length * dimension), normalized, wrong };
}
