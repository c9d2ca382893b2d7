import type { ByteCopy } from './bytes/byte-copy.js';

/**
 * Rows of vectors in the order of their ids, as of one moment: what an exact search goes through, and what scores are worked
 * out from. They lie in memory, or in a file of which only what is asked for is read.
 */
export interface RowStore {
  readonly dimension: number;
  readonly count: number;
  /** Ascending: row order is id order. */
  readonly ids: Uint32Array;
  /** All rows, float32 [count, dimension], where they lie in memory. */
  readonly matrix: Float32Array | undefined;
  /** Where the bytes of the matrix are kept. Only rows that stay in memory have it. */
  readonly byteCopy?: ByteCopy;
  /**
   * float32 [to − from, dimension]: the rows from `from` on, without the one at `to`. Valid until the next call.
   * @param scratch room that may be used for it, of that size or larger
   */
  block(from: number, to: number, scratch: () => Float32Array): Float32Array;
  /**
   * Copies some rows, float32 [rows, dimension], to the beginning of `into`.
   * @param rows ascending
   */
  gather(rows: Uint32Array, into: Float32Array): void;
}

/** Where `id` stands in ascending ids, or where it would have to be put, as −1 − place. */
export function placeOf(id: number, ids: Uint32Array, from = 0): number {
  let low = from;
  let high = ids.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ids[middle]! < id) low = middle + 1;
    else high = middle;
  }
  return low < ids.length && ids[low] === id ? low : -1 - low;
}

/**
 * Rows of those of `wanted` that are there, ascending.
 * @param wanted ids, ascending
 */
export function rowsOf(wanted: Uint32Array, ids: Uint32Array): Uint32Array {
  const rows = new Uint32Array(Math.min(wanted.length, ids.length));
  let count = 0;
  // A few ids are looked up one by one; many are walked through beside the others.
  if (wanted.length * 16 < ids.length) {
    let from = 0;
    for (const id of wanted) {
      const place = placeOf(id, ids, from);
      if (place >= 0) rows[count++] = place;
      from = place >= 0 ? place + 1 : -1 - place;
    }
  } else {
    for (let i = 0, row = 0; i < wanted.length && row < ids.length; ) {
      const difference = wanted[i]! - ids[row]!;
      if (difference === 0) rows[count++] = row;
      if (difference <= 0) i++;
      if (difference >= 0) row++;
    }
  }
  return rows.subarray(0, count);
}

/** Calls back for each run of rows that follow one another. */
export function forRuns(rows: Uint32Array, found: (first: number, length: number, at: number) => void): void {
  for (let at = 0; at < rows.length; ) {
    const first = rows[at]!;
    let length = 1;
    while (at + length < rows.length && rows[at + length] === first + length) length++;
    found(first, length, at);
    at += length;
  }
}
