import type { Matrix } from '../map-axis.js';

/**
 * Winograd's minimal filtering F(m, 3) of one axis (Lavin and Gray 2016): y = A·((B·x) ⊙ (G·w)), in tiles of m outputs
 * from m + 2 products each instead of 3·m. ⊙ is the product by element, which becomes a matrix product once there are
 * channels; two axes take a transform each.
 */
export interface Winograd {
  /** G: [products, 3]. */
  readonly kernel: Matrix;
  /** B: [products · tiles, length in]; row p·tiles + t belongs to product p of tile t. Zero padding is part of it. */
  readonly input: Matrix;
  /** A: [length out, products · tiles]. */
  readonly output: Matrix;
  readonly products: number;
  readonly tiles: number;
}

export interface WinogradWindow {
  /** Elements that come in. */
  readonly length: number;
  /** Zeros added on each side. */
  readonly padding: number;
}

const taps = 3;
/** Small numbers keep rounding errors near those of a direct sum: about 1e-6 of the largest output with tiles of 4. */
const interpolationPoints = [0, 1, -1, 2, -2];

/** The transform whose tiles cover an axis with the fewest products. */
export function fewestProducts(window: WinogradWindow): Winograd {
  const candidates = [4, 3, 2].map((tile) => winograd(window, tile));
  return candidates.reduce((best, next) =>
    next.products * next.tiles < best.products * best.tiles ? next : best,
  );
}

/** @param tile m, from 2 to 4 */
export function winograd({ length, padding }: WinogradWindow, tile: number): Winograd {
  const out = length + 2 * padding - taps + 1;
  const tiles = Math.ceil(out / tile);
  const products = tile + taps - 1;
  const { kernel, input, output } = cookToom(interpolationPoints.slice(0, products - 1), tile);
  return {
    kernel,
    input: matrixOf(products * tiles, length, (row, column) => {
      const [product, t] = [Math.floor(row / tiles), row % tiles];
      return input[product]![column - (t * tile - padding)] ?? 0;
    }),
    output: matrixOf(out, products * tiles, (row, column) => {
      const [product, t] = [Math.floor(column / tiles), column % tiles];
      return Math.floor(row / tile) === t ? output[row % tile]![product]! : 0;
    }),
    products,
    tiles,
  };
}

/** The transforms of one tile by the Cook–Toom construction, from distinct points and the point at infinity. */
function cookToom(points: readonly number[], tile: number) {
  const n = points.length;
  const others = (j: number) => points.filter((_, l) => l !== j);
  const scales = points.map((p, j) => others(j).reduce((product, q) => product * (p - q), 1));
  const atInfinity = (degree: number, length: number) => (degree === length - 1 ? 1 : 0);
  return {
    kernel: matrixOf(n + 1, taps, (j, k) => (j < n ? points[j]! ** k / scales[j]! : atInfinity(k, taps))),
    input: matrixOf(n + 1, n + 1, (j, k) => polynomial(j < n ? others(j) : points)[k] ?? 0),
    output: matrixOf(tile, n + 1, (i, j) => (j < n ? points[j]! ** i : atInfinity(i, tile))),
  };
}

/** Coefficients of Π (x − root), the constant one first. */
function polynomial(roots: readonly number[]): number[] {
  let coefficients = [1];
  for (const root of roots) {
    coefficients = [...coefficients, 0].map(
      (_, k) => (coefficients[k - 1] ?? 0) - root * (coefficients[k] ?? 0),
    );
  }
  return coefficients;
}

function matrixOf(rows: number, columns: number, value: (row: number, column: number) => number): Matrix {
  return Array.from({ length: rows }, (_, row) =>
    Array.from({ length: columns }, (_, column) => value(row, column)),
  );
}
