import { Random } from '../core/random.js';

/** Rounds of the iteration: enough for directions whose variances differ by a tenth to be told apart where it matters. */
const rounds = 8;

/**
 * The directions in which vectors spread most: an orthonormal basis of the space of the first eigenvectors of XᵀX, by orthogonal
 * iteration (Golub and Van Loan, Matrix Computations, section 8.2). Within that space the basis is any.
 * @param vectors float32 [n, width]
 * @param count at most `width`
 * @returns float64 [width] each
 */
export function principalDirections(vectors: Float32Array, width: number, count: number): Float64Array[] {
  const random = Random.of(0, 'principal directions');
  let basis = orthonormalized(
    Array.from({ length: count }, () => Float64Array.from({ length: width }, () => random.normal())),
  );
  for (let round = 0; round < rounds; round++)
    basis = orthonormalized(
      basis.map((direction) => timesGram(vectors, width, direction)),
      basis,
    );
  return basis;
}

/** Xᵀ·(X·v) */
function timesGram(vectors: Float32Array, width: number, direction: Float64Array): Float64Array {
  const product = new Float64Array(width);
  for (let at = 0; at < vectors.length; at += width) {
    let along = 0;
    for (let j = 0; j < width; j++) along += vectors[at + j]! * direction[j]!;
    for (let j = 0; j < width; j++) product[j]! += along * vectors[at + j]!;
  }
  return product;
}

/**
 * Gram and Schmidt, twice over each for its rounding.
 * @param otherwise directions to take where there is none left, as there are fewer vectors than directions asked for
 */
function orthonormalized(
  vectors: readonly Float64Array[],
  otherwise: readonly Float64Array[] = vectors,
): Float64Array[] {
  const basis: Float64Array[] = [];
  for (const [i, vector] of vectors.entries()) {
    const direction = unitBeside(vector, basis) ?? unitBeside(otherwise[i]!, basis);
    if (direction) basis.push(direction);
  }
  return basis;
}

function unitBeside(vector: Float64Array, basis: readonly Float64Array[]): Float64Array | undefined {
  const rest = vector.slice();
  const length = norm(rest);
  for (let pass = 0; pass < 2; pass++)
    for (const direction of basis) {
      let along = 0;
      for (let j = 0; j < rest.length; j++) along += direction[j]! * rest[j]!;
      for (let j = 0; j < rest.length; j++) rest[j]! -= along * direction[j]!;
    }
  const left = norm(rest);
  return left > 1e-9 * length ? rest.map((value) => value / left) : undefined;
}

function norm(vector: Float64Array): number {
  let squares = 0;
  for (const value of vector) squares += value * value;
  return Math.sqrt(squares);
}
