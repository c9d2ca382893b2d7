import {
  add,
  constant,
  divide,
  matmul,
  multiply,
  sqrt,
  sum,
  type Tensor,
  transpose,
} from '../../engine/index.js';

/** Keeps the inverse of the norm finite where a matrix is zero. */
const epsilon = 1e-7;

/**
 * About the orthogonal matrix nearest to a matrix, by the quintic Newton–Schulz iteration of Jordan et al. (Muon, 2024):
 * X ← aX + (bXXᵀ + c(XXᵀ)²)X from X = M/‖M‖, with (a, b, c) = (3.4445, −4.7750, 2.0315). These coefficients pull small
 * singular values up fast and leave all in about [0.7, 1.2] instead of at 1. It works on the smaller of the two Gram
 * matrices, as the iteration commutes with transposing. A matrix of zeros stays one.
 *
 * @param matrix float32 [rows, columns]
 * @param iterations n of them raise a small share of the norm by 3.4445ⁿ: 3 by 41, 5 by 485
 * @returns float32 [rows, columns]
 */
export function orthogonalized(matrix: Tensor, iterations: number): Tensor {
  const [a, b, c] = [3.4445, -4.775, 2.0315];
  const [rows, columns] = matrix.shape as [number, number];
  const tall = rows > columns;
  let x = tall ? transpose(matrix, [1, 0]) : matrix;
  x = divide(x, add(sqrt(sum(multiply(x, x))), constant(epsilon)));
  for (let i = 0; i < iterations; i++) {
    const gram = matmul(x, x, { transposeB: true });
    const mixed = add(multiply(gram, constant(b)), multiply(matmul(gram, gram), constant(c)));
    x = add(multiply(x, constant(a)), matmul(mixed, x));
  }
  return tall ? transpose(x, [1, 0]) : x;
}
