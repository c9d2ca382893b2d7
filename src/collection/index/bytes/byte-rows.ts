import type { BytePrograms } from './byte-programs.js';

/** Numbers that are encoded at once: what a core has near (1 MB). */
const encodedAtOnce = 2 ** 18;

/**
 * Rows as bytes, a quarter of their size. They are spread first (`Spreading`, x'), and x' ≈ x̂ = scale · (byte − 128). Bytes say which
 * rows come into question, as
 *
 *   |q'·x' − q̂·x̂| ≤ |q' − q̂|·|x'| + |q̂|·|x' − x̂|        (Cauchy–Schwarz)
 *
 * holds, whatever they have lost of a query and a row.
 */
export interface ByteRows {
  /** uint8 [rows, dimension] */
  readonly bytes: Uint8Array;
  readonly scale: number;
  /** No row lost more: |x' − x̂| ≤ residual, all rounding counted. */
  readonly residual: number;
  /** No row is longer: |x'| ≤ norm. */
  readonly norm: number;
}

/** @param matrix float32 [rows, dimension] */
export async function encodeRows(programs: BytePrograms, matrix: Float32Array): Promise<ByteRows> {
  const { dimension } = programs;
  const step = Math.max(1, Math.floor(encodedAtOnce / dimension)) * dimension;
  let extent = 0;
  for (let from = 0; from < matrix.length; from += step)
    extent = Math.max(extent, await programs.extent(matrix.subarray(from, from + step)));
  const scale = Math.fround(extent > 0 ? extent / 127 : 1);
  const bytes = new Uint8Array(matrix.length);
  let [squaredResidual, squaredNorm] = [0, 0];
  for (let from = 0; from < matrix.length; from += step) {
    const block = await programs.encode(matrix.subarray(from, from + step), scale);
    bytes.set(block.bytes, from);
    squaredResidual = Math.max(squaredResidual, block.squaredResidual);
    squaredNorm = Math.max(squaredNorm, block.squaredNorm);
  }
  // Sums of n squares in float32 are off by n·2⁻²⁴ of themselves, and each difference by 2⁻²⁴ of what it was taken of. Spreading m
  // numbers is off by m·2⁻²⁴ of Σ|xᵢ|, which is up to √m·|x| and goes into m numbers, while |x'| = √m·|x|. Numbers that float32
  // takes for nothing, and their squares, make up less than 1e-15.
  const { size } = programs.spreading;
  const rounding = 1 + (dimension + 8) * 2 ** -23;
  const mixing = size * Math.sqrt(size) * 2 ** -23;
  const norm = Math.sqrt(squaredNorm) * rounding * (1 + mixing) + 1e-15;
  const residual = Math.sqrt(squaredResidual) * rounding + norm * (2 ** -22 + mixing) + 1e-15;
  return { bytes, scale, residual, norm };
}
