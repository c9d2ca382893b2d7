import type { ByteRows } from './byte-rows.js';
import { type Spreading, spread } from './spreading.js';

/** Queries, spread as the rows are, as small whole numbers, and how far their products with rows of bytes may be off. */
export interface ByteQueries {
  /** Whole numbers, float32 [queries, dimension]. */
  readonly numbers: Float32Array;
  /** What 1 in a product with a row stands for, by query. */
  readonly unit: Float64Array;
  /** |q·x − unit · product| is at most this for every row, however it is rounded; not finite where nothing can be said. */
  readonly slack: Float64Array;
}

/**
 * @param queries float32 [queries, dimension]
 * @param largestNumber that they are to have, as `largestQueryNumber` says
 */
export function encodeQueries(
  queries: Float32Array,
  dimension: number,
  spreading: Spreading,
  { scale, residual, norm }: ByteRows,
  largestNumber: number,
): ByteQueries {
  const count = queries.length / dimension;
  const numbers = new Float32Array(queries.length);
  const unit = new Float64Array(count);
  const slack = new Float64Array(count);
  const vector = new Float64Array(dimension);
  for (let query = 0; query < count; query++) {
    const from = query * dimension;
    vector.set(queries.subarray(from, from + dimension));
    spread(spreading, vector);
    let extent = 0;
    for (let i = 0; i < dimension; i++) extent = Math.max(extent, Math.abs(vector[i]!));
    const step = extent > 0 ? extent / largestNumber : 1;
    let [lost, kept] = [0, 0];
    for (let i = 0; i < dimension; i++) {
      const number = Math.round(vector[i]! / step);
      numbers[from + i] = number;
      const rest = vector[i]! - number * step;
      lost += rest * rest;
      kept += number * number;
    }
    lost = Math.sqrt(lost);
    kept = Math.sqrt(kept) * step;
    // Spreading makes products `size` times as large.
    unit[query] = (step * scale) / spreading.size;
    // The last part is for products that float32 cannot hold; the first factor and the 1e-15 are for float64, here and in scores.
    const bound =
      (1 + 1e-6) * (lost * norm + kept * residual) + (kept * (norm + residual) + lost * norm) * 2 ** -23;
    slack[query] = bound / spreading.size + 1e-15;
  }
  return { numbers, unit, slack };
}
