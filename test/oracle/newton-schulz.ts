export type Rows = readonly (readonly number[])[];

export const product = (a: Rows, b: Rows): number[][] =>
  a.map((row) => b[0].map((_, j) => row.reduce((sum, value, k) => sum + value * b[k][j], 0)));

export const turned = (a: Rows): number[][] => a[0].map((_, j) => a.map((row) => row[j]));

/** Muon's Newton–Schulz iteration by plain loops in float64, on the side that the matrix happens to have. */
export function naiveOrthogonalized(matrix: Rows, iterations: number): number[][] {
  const norm = Math.hypot(...matrix.flat()) + 1e-7;
  let x = matrix.map((row) => row.map((value) => value / norm));
  for (let i = 0; i < iterations; i++) {
    const gram = product(x, turned(x));
    const squared = product(gram, gram);
    const mixed = gram.map((row, r) => row.map((value, c) => -4.775 * value + 2.0315 * squared[r][c]));
    const mixedIn = product(mixed, x);
    x = x.map((row, r) => row.map((value, c) => 3.4445 * value + mixedIn[r][c]));
  }
  return x;
}
