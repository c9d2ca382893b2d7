import { ByteCopy } from './bytes/byte-copy.js';
import { forRuns, placeOf, type RowStore } from './row-store.js';

/** Rows that a search is going through; they stay as they are until it gives them back. */
export interface PinnedRows extends RowStore {
  release(): void;
}

/** What rows lie in. Those who read them hold a pin each. */
interface Buffers {
  readonly ids: Uint32Array;
  readonly vectors: Float32Array;
  pins: number;
}

const fewest = 256;

/**
 * Rows in memory that vectors are added to, changed in and removed from. Searches are asynchronous, and what one is going
 * through must not move meanwhile: rows that are pinned are copied before they are changed. Rows behind the last one may be
 * written at any time, as nobody looks there.
 */
export class MemoryRows {
  private buffers: Buffers;
  private byteCopy = new ByteCopy();
  count = 0;

  constructor(
    readonly dimension: number,
    capacity = 0,
  ) {
    this.buffers = this.makeBuffers(capacity);
  }

  /** Takes arrays over, without a copy. */
  static of(ids: Uint32Array, vectors: Float32Array, dimension: number): MemoryRows {
    const rows = new MemoryRows(dimension);
    rows.buffers = { ids, vectors, pins: 0 };
    rows.count = ids.length;
    return rows;
  }

  get ids(): Uint32Array {
    return this.buffers.ids.subarray(0, this.count);
  }

  /** float32 [count, dimension] */
  get vectors(): Float32Array {
    return this.buffers.vectors.subarray(0, this.count * this.dimension);
  }

  pin(): PinnedRows {
    const { buffers, byteCopy, dimension, count, ids, vectors } = this;
    buffers.pins++;
    return {
      dimension,
      count,
      ids,
      matrix: vectors,
      byteCopy,
      block: (from, to) => vectors.subarray(from * dimension, to * dimension),
      gather: (rows, into) => gatherRows(vectors, dimension, rows, into),
      release: () => void buffers.pins--,
    };
  }

  /**
   * Adds rows, or puts others in their place.
   * @param ids in any order, each once
   */
  upsert(ids: Uint32Array, vectors: Float32Array): void {
    if (ids.length === 0) return;
    this.byteCopy = this.byteCopy.renewed();
    const { dimension } = this;
    const order = ascending(ids);
    const at = (i: number) => (order ? order[i]! : i);
    const vectorAt = (i: number) => vectors.subarray(at(i) * dimension, (at(i) + 1) * dimension);
    const known = this.ids;
    const last = known.at(-1) ?? -1;
    const places: number[] = [];
    const inserted: number[] = [];
    let appendFrom = ids.length;
    for (let i = 0, from = 0; i < ids.length; i++) {
      const id = ids[at(i)]!;
      // Ids are given out in rising order, so new ones come behind all others: nothing is looked for then.
      if (id > last) {
        appendFrom = i;
        break;
      }
      const place = placeOf(id, known, from);
      if (place >= 0) {
        places.push(place, i);
        from = place + 1;
      } else {
        inserted.push(i);
        from = -1 - place;
      }
    }
    if (places.length > 0 || inserted.length > 0) this.ownBuffers();
    for (let p = 0; p < places.length; p += 2)
      this.buffers.vectors.set(vectorAt(places[p + 1]!), places[p]! * dimension);
    this.reserve(this.count + inserted.length + ids.length - appendFrom);
    if (inserted.length > 0)
      this.insert(
        inserted.map((i) => ids[at(i)]!),
        inserted.map(vectorAt),
      );
    if (appendFrom === ids.length) return;
    if (order) {
      for (let i = appendFrom; i < ids.length; i++) {
        this.buffers.ids[this.count] = ids[at(i)]!;
        this.buffers.vectors.set(vectorAt(i), this.count * dimension);
        this.count++;
      }
    } else {
      this.buffers.ids.set(ids.subarray(appendFrom), this.count);
      this.buffers.vectors.set(vectors.subarray(appendFrom * dimension), this.count * dimension);
      this.count += ids.length - appendFrom;
    }
  }

  /**
   * Removes rows; those behind them move up.
   * @param ids in any order; ones that are not there are passed over
   * @returns how many there were
   */
  remove(ids: Uint32Array): number {
    const known = this.ids;
    const rows = new Set<number>();
    for (const id of ids) {
      const place = placeOf(id, known);
      if (place >= 0) rows.add(place);
    }
    if (rows.size === 0) return 0;
    this.byteCopy = this.byteCopy.renewed();
    this.ownBuffers();
    const { ids: allIds, vectors } = this.buffers;
    const gone = Uint32Array.from(rows).sort();
    let to = gone[0]!;
    for (const [i, row] of gone.entries()) {
      const end = gone[i + 1] ?? this.count;
      allIds.copyWithin(to, row + 1, end);
      vectors.copyWithin(to * this.dimension, (row + 1) * this.dimension, end * this.dimension);
      to += end - row - 1;
    }
    this.count = to;
    return gone.length;
  }

  /** Merges rows in from the back, so that each row moves once. */
  private insert(ids: readonly number[], vectors: readonly Float32Array[]): void {
    const { dimension, buffers } = this;
    let to = this.count + ids.length;
    let end = this.count;
    for (let i = ids.length - 1; i >= 0; i--) {
      const place = -1 - placeOf(ids[i]!, buffers.ids.subarray(0, end));
      to -= end - place;
      buffers.ids.copyWithin(to, place, end);
      buffers.vectors.copyWithin(to * dimension, place * dimension, end * dimension);
      to--;
      buffers.ids[to] = ids[i]!;
      buffers.vectors.set(vectors[i]!, to * dimension);
      end = place;
    }
    this.count += ids.length;
  }

  /** Makes room, by halves of what is there, so that adding rows one by one costs no more than a few copies of each. */
  private reserve(count: number): void {
    const capacity = this.buffers.ids.length;
    if (count > capacity) this.moveTo(Math.max(count, Math.ceil(capacity * 1.5), fewest));
  }

  private ownBuffers(): void {
    if (this.buffers.pins > 0) this.moveTo(this.buffers.ids.length);
  }

  private moveTo(capacity: number): void {
    const { ids, vectors } = this;
    this.buffers = this.makeBuffers(capacity);
    this.buffers.ids.set(ids);
    this.buffers.vectors.set(vectors);
  }

  private makeBuffers(capacity: number): Buffers {
    return {
      ids: new Uint32Array(capacity),
      vectors: new Float32Array(capacity * this.dimension),
      pins: 0,
    };
  }
}

/** Copies rows of a matrix [rows, dimension] to the beginning of `into`. */
export function gatherRows(
  matrix: Float32Array,
  dimension: number,
  rows: Uint32Array,
  into: Float32Array,
): void {
  forRuns(rows, (first, length, at) =>
    into.set(matrix.subarray(first * dimension, (first + length) * dimension), at * dimension),
  );
}

/** Rows of a matrix [rows, dimension] in an array of their own. */
export function copyOfRows(matrix: Float32Array, dimension: number, rows: Uint32Array): Float32Array {
  const copy = new Float32Array(rows.length * dimension);
  gatherRows(matrix, dimension, rows, copy);
  return copy;
}

/** The order that makes ids ascend; undefined where they do. */
function ascending(ids: Uint32Array): Uint32Array | undefined {
  let rises = true;
  for (let i = 1; i < ids.length && rises; i++) rises = ids[i - 1]! < ids[i]!;
  return rises ? undefined : Uint32Array.from(ids.keys()).sort((a, b) => ids[a]! - ids[b]!);
}
