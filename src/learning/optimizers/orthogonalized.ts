import { add, constant, divide, matmul, multiply, sqrt, sum, type Tensor } from '../../engine/index.js';

/** Keeps the inverse of the norm finite where a matrix is zero. */
const epsilon = 1e-7;
/** Iterations on one Gram matrix. */
const longestOnGram = 3;

/**
 * About the orthogonal matrix nearest to a matrix, by the quintic Newton–Schulz iteration of Jordan et al. (Muon, 2024):
 * X ← (aI + bG + cG²)X with G = XXᵀ, from X = M/‖M‖, with (a, b, c) = (3.4445, −4.7750, 2.0315). These coefficients pull small
 * singular values up fast and leave all in about [0.7, 1.2] instead of at 1. A matrix of zeros stays one.
 *
 * In exact arithmetic all factors are polynomials of the first G and commute. For long matrices some iterations therefore run on G
 * alone, which is Q·G·Qᵀ of the first, with Q the product of all P = aI + bG + cG² before, and X is multiplied once, by Q: of what is
 * done only two products are as long as the matrix. G is the smaller of the two Gram matrices. It is made of X again after three iterations, before
 * rounding, which makes eigenvalues of −1e-7 of those that are 0, grows to anything.
 *
 * @param matrix float32 [rows, columns]
 * @param iterations n of them raise a small share of the norm by 3.4445ⁿ: 3 by 41, 5 by 485
 * @returns float32 [rows, columns]
 */
export function orthogonalized(matrix: Tensor, iterations: number): Tensor {
  const [rows, columns] = matrix.shape as [number, number];
  const tall = rows > columns;
  const isLong = Math.max(rows, columns) >= 2 * Math.min(rows, columns);
  const together = isLong ? longestOnGram : 1;
  let x = divide(matrix, add(sqrt(sum(multiply(matrix, matrix))), constant(epsilon)));
  for (let done = 0; done < iterations; done += together) {
    const gram = matmul(x, x, tall ? { transposeA: true } : { transposeB: true });
    const factor = factorOf(gram, Math.min(together, iterations - done));
    x = tall ? matmul(x, factor) : matmul(factor, x);
  }
  return x;
}

/** What some iterations multiply a matrix by, from its Gram matrix. */
function factorOf(first: Tensor, iterations: number): Tensor {
  const [a, b, c] = [3.4445, -4.775, 2.0315];
  const size = first.shape[0] as number;
  const linear = constant(identity(size, a), [size, size]);
  let gram = first;
  let all: Tensor | undefined;
  for (let i = 0; i < iterations; i++) {
    if (i > 0) gram = matmul(matmul(all!, first), all!, { transposeB: true });
    const mixed = add(multiply(gram, constant(b)), multiply(matmul(gram, gram), constant(c)));
    const factor = add(linear, mixed);
    all = all ? matmul(factor, all) : factor;
  }
  return all!;
}

function identity(size: number, scale: number): Float32Array {
  return Float32Array.from({ length: size * size }, (_, i) => (i % (size + 1) === 0 ? scale : 0));
}
