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
  // Row i of x·L⁻ᵀ·(I + (g−1)QQᵀ) for x the i-th unit vector: column i of (I + (g−1)QQᵀ)·L⁻¹.
  const map = new Float32Array(width * width);
  const unit = new Float64Array(width);
  for (let i = 0; i < width; i++) {
    unit.fill(0);
    unit[i] = 1;
    const column = forwardSolve(factor, unit, width, i);
    for (const direction of basis) {
      const along = (gain - 1) * dot(direction, column);
      for (let j = 0; j < width; j++) column[j]! += along * direction[j]!;
    }
    map.set(column, i * width);
  }
  const mapped = timesMap(vectors, map, width);
  if (dimension === width) return toMeanSquareOne(map, mapped);
  const directions = principalDirections(mapped, width, dimension);
  return toMeanSquareOne(along(directions, map, width), along(directions, mapped, width));
}

/** Rows times the map: float32 [n, width] */
function timesMap(vectors: Float32Array, map: Float32Array, width: number): Float32Array {
  const products = new Float32Array(vectors.length);
  const sums = new Float64Array(width);
  for (let at = 0; at < vectors.length; at += width) {
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
  const covariance = new Float64Array(width * width);
  const centred = new Float64Array(width);
  const weight = (1 - shrinkage) / labels.length;
  let trace = 0;
  for (let row = 0; row < labels.length; row++) {
    const mean = means.get(labels[row]!)!;
    for (let j = 0; j < width; j++) centred[j] = vectors[row * width + j]! - mean[j]!;
    for (let i = 0; i < width; i++) {
      const value = centred[i]!;
      trace += value * value;
      // Networks with ReLU leave many at 0.
      if (value === 0) continue;
      const at = i * width;
      for (let j = 0; j <= i; j++) covariance[at + j]! += weight * value * centred[j]!;
    }
  }
  // Something of it even with no shrinkage, as fewer images than numbers leave directions without any variance. Where all
  // images of every class are alike, there is nothing to even out.
  const ridge = (Math.max(shrinkage, leastShrinkage) * trace) / labels.length / width || 1;
  for (let i = 0; i < width; i++) covariance[i * width + i]! += ridge;
  return covariance;
}

/** The lower factor L of L·Lᵀ, in place. */
function cholesky(matrix: Float64Array, width: number): Float64Array {
  for (let i = 0; i < width; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i * width + j]!;
      for (let k = 0; k < j; k++) sum -= matrix[i * width + k]! * matrix[j * width + k]!;
      matrix[i * width + j] = i === j ? Math.sqrt(sum) : sum / matrix[j * width + j]!;
    }
  }
  return matrix;
}

/** L⁻¹·x. @param first elements before this one are 0 */
function forwardSolve(factor: Float64Array, x: Float64Array, width: number, first = 0): Float64Array {
  const solved = new Float64Array(width);
  for (let i = first; i < width; i++) {
    let sum = x[i]!;
    for (let k = first; k < i; k++) sum -= factor[i * width + k]! * solved[k]!;
    solved[i] = sum / factor[i * width + i]!;
  }
  return solved;
}

/** Gram and Schmidt, twice over each for its rounding; what depends on those before is left out. */
function orthonormal(vectors: readonly Float64Array[]): Float64Array[] {
  const basis: Float64Array[] = [];
  for (const vector of vectors) {
    const rest = vector.slice();
    const length = Math.sqrt(dot(rest, rest));
    for (let pass = 0; pass < 2; pass++)
      for (const direction of basis) {
        const along = dot(direction, rest);
        for (let j = 0; j < rest.length; j++) rest[j]! -= along * direction[j]!;
      }
    const left = Math.sqrt(dot(rest, rest));
    if (left > 1e-6 * length && basis.length < rest.length) basis.push(rest.map((value) => value / left));
  }
  return basis;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
