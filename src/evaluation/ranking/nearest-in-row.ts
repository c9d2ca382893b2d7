import type { ClassOrder } from './class-order.js';

/**
 * The k best of a row of scores, best first, the lower index first on ties. For small k: an item that enters is moved to
 * its place step by step, and of long rows few enter.
 */
export class NearestInRow {
  constructor(
    private readonly order: ClassOrder,
    private readonly k: number,
  ) {}

  /**
   * @param row float32 [g]: scores of the gallery in class order
   * @param self position to leave out, or −1
   * @param indices int32: gallery indices are written here from `to` on; −1 past the gallery's end
   * @param scores float32: likewise; −∞ past the gallery's end
   */
  find(row: Float32Array, self: number, indices: Int32Array, scores: Float32Array, to: number): void {
    const { k } = this;
    indices.fill(-1, to, to + k);
    scores.fill(Number.NEGATIVE_INFINITY, to, to + k);
    if (self < 0) this.enter(row, 0, row.length, indices, scores, to);
    else {
      this.enter(row, 0, self, indices, scores, to);
      this.enter(row, self + 1, row.length, indices, scores, to);
    }
  }

  /** Enters the items at positions `from` to `end` into the list that begins at `to`. */
  private enter(
    row: Float32Array,
    from: number,
    end: number,
    indices: Int32Array,
    scores: Float32Array,
    to: number,
  ): void {
    const { indexAt } = this.order;
    const last = to + this.k - 1;
    let worst = scores[last];
    for (let i = from; i < end; i++) {
      const score = row[i];
      if (score < worst) continue;
      const index = indexAt[i];
      if (score === worst && indices[last] >= 0 && indices[last] < index) continue;
      let place = last;
      for (; place > to; place--) {
        const before = scores[place - 1];
        if (before > score || (before === score && indices[place - 1] < index)) break;
        scores[place] = before;
        indices[place] = indices[place - 1];
      }
      scores[place] = score;
      indices[place] = index;
      worst = scores[last];
    }
  }
}
