import { Random } from '../../../core/random.js';

/** Numbers that are mixed with each other. More would cost more, and leave no larger numbers out. */
const mostMixed = 64;

/**
 * A turn of vectors that spreads what is large in one number over many, so that fewer steps of a byte are wasted on a few large numbers:
 * random signs, then Hadamard's matrix, for each `size` numbers in a row. It is made of ±1, so that it keeps dot products but for a
 * factor that is exact: x'·y' = size · x·y.
 */
export interface Spreading {
  /** How many numbers are mixed: the largest power of two that divides the dimension, up to 64. */
  readonly size: number;
  /** ±1 */
  readonly signs: Float64Array;
}

export function spreadingOf(dimension: number): Spreading {
  let size = 1;
  while (size < mostMixed && dimension % (2 * size) === 0) size *= 2;
  const random = Random.of(0, 'signs');
  return { size, signs: Float64Array.from({ length: size }, () => (random.integer(2) === 0 ? -1 : 1)) };
}

/** It as a matrix, for x' = x·S: float32 [size, size] of ±1. */
export function spreadingMatrix({ size, signs }: Spreading): Float32Array {
  const matrix = new Float32Array(size * size);
  for (let i = 0; i < size; i++)
    for (let j = 0; j < size; j++) matrix[i * size + j] = signs[i]! * (oddBits(i & j) ? -1 : 1);
  return matrix;
}

/** Spreads a vector, in place, by the fast Walsh–Hadamard transform. */
export function spread({ size, signs }: Spreading, vector: Float64Array): void {
  for (let i = 0; i < vector.length; i++) vector[i]! *= signs[i % size]!;
  // Pairs lie within a block, as blocks are multiples of twice the distance.
  for (let distance = 1; distance < size; distance *= 2)
    for (let from = 0; from < vector.length; from += 2 * distance)
      for (let i = from; i < from + distance; i++) {
        const a = vector[i]!;
        const b = vector[i + distance]!;
        vector[i] = a + b;
        vector[i + distance] = a - b;
      }
}

function oddBits(bits: number): boolean {
  let odd = false;
  for (let rest = bits; rest > 0; rest >>>= 1) if (rest & 1) odd = !odd;
  return odd;
}
