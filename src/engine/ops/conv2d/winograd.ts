import type { Matrix } from '../map-axis.js';

/**
 * Winograd's minimal filtering F(m, 3) of one axis (Lavin and Gray 2016): y = A·((B·x) ⊙ (G·w)), in tiles of m outputs
 * from m + 2 products each instead of 3·m. ⊙ is the product by element, which becomes a matrix product once there are
 * channels; two axes take a transform each.
 */
export interface Winograd {
  /** G: [products, 3]. */
  readonly kernel: Matrix;
  /**
   * B: [products · tiles, length in]; row p·tiles + t belongs to product p of tile t, or row t·products + p where they are in
   * the order of tiles. Zero padding is part of it.
   */
  readonly input: Matrix;
  /** A: [length out, products · tiles]. In the order of tiles, one block per tile along its diagonal. */
  readonly output: Matrix;
  readonly products: number;
  readonly tiles: number;
}

export interface WinogradWindow {
  /** Elements that come in. */
  readonly length: number;
  /** Zeros added on each side. */
  readonly padding: number;
  /** How many of the outputs are wanted, from the first on. Default: all. */
  readonly out?: number;
  readonly order: 'by-product' | 'by-tile';
}

const taps = 3;
/**
 * Small numbers and their inverses keep rounding errors near those of a direct sum: over two axes and 64 channels 1e-6 of
 * the outputs' root mean square with tiles of 4, 3e-6 with tiles of 6; one point more makes it 3e-5.
 */
const interpolationPoints = [0, 1, -1, 0.5, -2, 2, -0.5];
const tileSizes = [2, 3, 4, 5, 6];

/** The transform whose tiles cover an axis with the fewest products, the smallest tiles of several. */
export function fewestProducts(window: WinogradWindow): Winograd {
  const candidates = tileSizes.map((tile) => winograd(window, tile));
  return candidates.reduce((best, next) =>
    next.products * next.tiles < best.products * best.tiles ? next : best,
  );
}

/** @param tile m, from 2 to 6 */
export function winograd(
  { length, padding, out = length + 2 * padding - taps + 1, order }: WinogradWindow,
  tile: number,
): Winograd {
  const tiles = Math.ceil(out / tile);
  const products = tile + taps - 1;
  const { kernel, input, output } = cookToom(interpolationPoints.slice(0, products - 1), tile);
  const placeOf = (index: number) =>
    order === 'by-tile'
      ? { product: index % products, t: Math.floor(index / products) }
      : { product: Math.floor(index / tiles), t: index % tiles };
  return {
    kernel,
    input: matrixOf(products * tiles, length, (row, column) => {
      const { product, t } = placeOf(row);
      return input[product]![column - (t * tile - padding)] ?? 0;
    }),
    output: matrixOf(out, products * tiles, (row, column) => {
      const { product, t } = placeOf(column);
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
