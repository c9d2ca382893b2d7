import { Random } from '../core/random.js';
import { orthonormal } from './linear-algebra.js';

/**
 * Rounds of the iteration. Where many directions are asked for, those at the end matter little, and a round costs by the square of
 * their number.
 */
const roundsFor = (count: number) => (count <= 128 ? 8 : 3);

/**
 * The directions in which vectors spread most: an orthonormal basis of the space of the first eigenvectors of XᵀX, by orthogonal
 * iteration (Golub and Van Loan, Matrix Computations, section 8.2). Within that space the basis is any.
 * @param vectors float32 [n, width]
 * @param count at most `width`
 * @returns float64 [width] each
 */
export function principalDirections(vectors: Float32Array, width: number, count: number): Float64Array[] {
  const random = Random.of(0, 'principal directions');
  let basis = orthonormal(
    Array.from({ length: count }, () => Float64Array.from({ length: width }, () => random.normal())),
  );
  // Of fewer vectors than directions asked for, those that nothing lies in stay as they were.
  for (let round = 0; round < roundsFor(count); round++)
    basis = orthonormal(
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
