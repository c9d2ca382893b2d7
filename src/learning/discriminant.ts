import { cholesky, forTiles, forwardSolve, invertLower, orthonormal } from './linear-algebra.js';
import { principalDirections } from './principal-directions.js';

/** Labelled vectors that a projection is fitted to. */
export interface LabelledVectors {
  /** float32 [labels.length, width] */
  readonly vectors: Float32Array;
  readonly labels: Int32Array;
  readonly width: number;
}

export interface DiscriminantOptions {
  /** Numbers that come of it, at most `width`. Default: as many. */
  readonly dimension?: number;
  /** How far the covariance is taken to be the same in all directions, from 0 (as measured) to 1. */
  readonly shrinkage: number;
  /** By how much directions that tell classes apart count more than the others. */
  readonly gain: number;
}

/**
 * A linear map under whose cosines images of a class come closer: what varies within classes is evened out, and the directions in
 * which the means of classes lie are stretched. Linear discriminant analysis (Fisher 1936; Rao 1948) keeps those directions
 * alone, and with them forgets what makes one image of a class more like a query than another; here the others stay.
 *
 * With the covariance within classes C = (1 − s)·C' + s·tr(C')/d·I (Friedman 1989), C = L·Lᵀ, and Q an orthonormal basis of the
 * whitened means L⁻¹μ, the map is x ↦ x·L⁻ᵀ·(I + (g − 1)·Q·Qᵀ), scaled to a mean square of 1.
 *
 * To fewer numbers: the directions in which the vectors then spread most.
 *
 * @returns float32 [width, dimension], for vectors whose mean is 0
 */
export function discriminant(
  { vectors, labels, width }: LabelledVectors,
  { dimension = width, shrinkage, gain }: DiscriminantOptions,
): Float32Array {
  const means = classMeans(vectors, labels, width);
  const factor = cholesky(shrunkCovariance(vectors, labels, width, means, shrinkage), width);
  const centre = meanOf(vectors, width);
  const offsets = [...means.values()].map((mean) => mean.map((value, j) => value - centre[j]!));
  const basis = orthonormal(offsets.map((offset) => forwardSolve(factor, offset, width)));
  // By columns, (I + (g−1)·Q·Qᵀ)·L⁻¹ is x·L⁻ᵀ·(I + (g−1)·Q·Qᵀ) by rows.
  const inverse = invertLower(factor, width);
  // As many directions as there are: that is a factor of everything.
  if (basis.length < width) stretch(inverse, basis, gain, width);
  const map = transposed(inverse, width);
  if (dimension === width) return toMeanSquareOne(map, timesMap(vectors, map, width, rowsForScale));
  const rows = Math.max(rowsForDirections, rowsOfEachDirection * dimension);
  const mapped = timesMap(vectors, map, width, rows);
  const directions = principalDirections(mapped, width, dimension);
  return toMeanSquareOne(along(directions, map, width), along(directions, mapped, width));
}

/** Vectors that are enough to tell how long all are, and where they spread most. */
const rowsForScale = 64;
const rowsForDirections = 512;
const rowsOfEachDirection = 2;

/** Up to `most` rows times the map: float32 [rows, width] */
function timesMap(vectors: Float32Array, map: Float32Array, width: number, most: number): Float32Array {
  const products = new Float32Array(Math.min(most, vectors.length / width) * width);
  const sums = new Float64Array(width);
  for (let at = 0; at < products.length; at += width) {
    sums.fill(0);
    for (let i = 0; i < width; i++) {
      const value = vectors[at + i]!;
      for (let j = 0; j < width; j++) sums[j]! += value * map[i * width + j]!;
    }
    products.set(sums, at);
  }
  return products;
}

/** Of every row how far it reaches in each direction: float32 [n, directions.length] */
function along(directions: readonly Float64Array[], rows: Float32Array, width: number): Float32Array {
  const count = rows.length / width;
  const reached = new Float32Array(count * directions.length);
  for (let row = 0; row < count; row++)
    for (const [d, direction] of directions.entries()) {
      let sum = 0;
      for (let j = 0; j < width; j++) sum += direction[j]! * rows[row * width + j]!;
      reached[row * directions.length + d] = sum;
    }
  return reached;
}

function toMeanSquareOne(map: Float32Array, mapped: Float32Array): Float32Array {
  const squares = mapped.reduce((sum, value) => sum + value * value, 0);
  const scale = 1 / (Math.sqrt(squares / mapped.length) || 1);
  return map.map((value) => value * scale);
}

function meanOf(vectors: Float32Array, width: number): Float64Array {
  const mean = new Float64Array(width);
  const share = width / vectors.length;
  for (let i = 0; i < vectors.length; i++) mean[i % width]! += share * vectors[i]!;
  return mean;
}

function classMeans(vectors: Float32Array, labels: Int32Array, width: number): Map<number, Float64Array> {
  const sums = new Map<number, { readonly sum: Float64Array; count: number }>();
  for (let row = 0; row < labels.length; row++) {
    let entry = sums.get(labels[row]!);
    if (!entry) {
      entry = { sum: new Float64Array(width), count: 0 };
      sums.set(labels[row]!, entry);
    }
    entry.count++;
    for (let j = 0; j < width; j++) entry.sum[j]! += vectors[row * width + j]!;
  }
  return new Map([...sums].map(([label, { sum, count }]) => [label, sum.map((value) => value / count)]));
}

const leastShrinkage = 1e-9;

/** The lower triangle, float64 [width, width]. */
function shrunkCovariance(
  vectors: Float32Array,
  labels: Int32Array,
  width: number,
  means: ReadonlyMap<number, Float64Array>,
  shrinkage: number,
): Float64Array {
  const count = labels.length;
  // By elements, so that what is multiplied lies side by side.
  const centred = new Float32Array(width * count);
  for (let row = 0; row < count; row++) {
    const mean = means.get(labels[row]!)!;
    for (let j = 0; j < width; j++) centred[j * count + row] = vectors[row * width + j]! - mean[j]!;
  }
  const covariance = new Float64Array(width * width);
  let trace = 0;
  forTiles(width, (i, j) => {
    let sum = 0;
    for (let row = 0; row < count; row++) sum += centred[i * count + row]! * centred[j * count + row]!;
    covariance[i * width + j] = ((1 - shrinkage) * sum) / count;
    if (i === j) trace += sum / count;
  });
  // Something of it even with no shrinkage, as fewer images than numbers leave directions without any variance. Where all
  // images of every class are alike, there is nothing to even out.
  const ridge = (Math.max(shrinkage, leastShrinkage) * trace) / width || 1;
  for (let i = 0; i < width; i++) covariance[i * width + i]! += ridge;
  return covariance;
}

/** (I + (g − 1)·Q·Qᵀ) times a matrix, in place. */
function stretch(matrix: Float64Array, basis: readonly Float64Array[], gain: number, width: number): void {
  for (const direction of basis) {
    const reach = new Float64Array(width);
    for (let i = 0; i < width; i++)
      for (let j = 0; j < width; j++) reach[j]! += direction[i]! * matrix[i * width + j]!;
    for (let i = 0; i < width; i++) {
      const share = (gain - 1) * direction[i]!;
      for (let j = 0; j < width; j++) matrix[i * width + j]! += share * reach[j]!;
    }
  }
}

function transposed(matrix: Float64Array, width: number): Float32Array {
  const turned = new Float32Array(matrix.length);
  for (let i = 0; i < width; i++)
    for (let j = 0; j < width; j++) turned[j * width + i] = matrix[i * width + j]!;
  return turned;
}
