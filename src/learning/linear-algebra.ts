/** Dense matrices as float64 arrays in row-major order. Those here are square, [width, width]. */

/** Rows of a matrix that the cache holds. */
const tile = 32;

/** Every (i, j) with j ≤ i, each row's elements in order and no (i, j) before its (j, j); row j stays in the cache meanwhile. */
export function forTiles(width: number, visit: (i: number, j: number) => void): void {
  for (let first = 0; first < width; first += tile)
    for (let i = first; i < width; i++)
      for (let j = first; j <= Math.min(i, first + tile - 1); j++) visit(i, j);
}

/** The lower factor L of L·Lᵀ, in place. */
export function cholesky(matrix: Float64Array, width: number): Float64Array {
  forTiles(width, (i, j) => {
    let sum = matrix[i * width + j]!;
    for (let k = 0; k < j; k++) sum -= matrix[i * width + k]! * matrix[j * width + k]!;
    matrix[i * width + j] = i === j ? Math.sqrt(sum) : sum / matrix[j * width + j]!;
  });
  return matrix;
}

/** L⁻¹, by rows; the upper triangle is 0. */
export function invertLower(factor: Float64Array, width: number): Float64Array {
  const inverse = new Float64Array(width * width);
  for (let i = 0; i < width; i++) inverse[i * width + i] = 1;
  const subtract = (i: number, k: number) => {
    const share = factor[i * width + k]!;
    for (let j = 0; j <= k; j++) inverse[i * width + j]! -= share * inverse[k * width + j]!;
  };
  for (let first = 0; first < width; first += tile) {
    const last = Math.min(first + tile, width);
    for (let i = first; i < last; i++) {
      for (let k = first; k < i; k++) subtract(i, k);
      for (let j = 0; j <= i; j++) inverse[i * width + j]! /= factor[i * width + i]!;
    }
    // These rows are done: what they take from the rows below is taken while they are in the cache.
    for (let i = last; i < width; i++) for (let k = first; k < last; k++) subtract(i, k);
  }
  return inverse;
}

/** L⁻¹·x */
export function forwardSolve(factor: Float64Array, x: Float64Array, width: number): Float64Array {
  const solved = new Float64Array(width);
  for (let i = 0; i < width; i++) {
    let sum = x[i]!;
    for (let k = 0; k < i; k++) sum -= factor[i * width + k]! * solved[k]!;
    solved[i] = sum / factor[i * width + i]!;
  }
  return solved;
}

/**
 * An orthonormal basis of what the vectors span: Gram and Schmidt, twice over each for its rounding. Vectors that depend on those
 * before are left out.
 * @param otherwise vectors to take in the place of those
 */
export function orthonormal(
  vectors: readonly Float64Array[],
  otherwise: readonly Float64Array[] = [],
): Float64Array[] {
  const basis: Float64Array[] = [];
  for (const [i, vector] of vectors.entries()) {
    const direction = unitBeside(vector, basis) ?? (otherwise[i] && unitBeside(otherwise[i], basis));
    if (direction) basis.push(direction);
  }
  return basis;
}

/** What is left of a vector across a basis, as a unit vector; `undefined` where that is nothing but rounding. */
function unitBeside(vector: Float64Array, basis: readonly Float64Array[]): Float64Array | undefined {
  const rest = vector.slice();
  for (let pass = 0; pass < 2; pass++)
    for (const direction of basis) {
      const along = dot(direction, rest);
      for (let j = 0; j < rest.length; j++) rest[j]! -= along * direction[j]!;
    }
  const left = Math.sqrt(dot(rest, rest));
  const length = Math.sqrt(dot(vector, vector));
  return left > leastShare * length ? rest.map((value) => value / left) : undefined;
}

const leastShare = 1e-6;

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
