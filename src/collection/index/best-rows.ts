/** A row that was found; the higher score comes first, on ties the lower row. */
export interface FoundRow {
  readonly row: number;
  readonly score: number;
}

/**
 * The rows with the highest scores of all that are offered, at most `capacity` of them, and a bound on those that are not
 * kept. On ties the lower row is kept.
 */
export class BestRows {
  private readonly rows: Uint32Array;
  private readonly scores: Float64Array;
  count = 0;
  /** No row that was offered, or stands for others, and is not kept has a score above it. */
  bound = Number.NEGATIVE_INFINITY;

  constructor(readonly capacity: number) {
    this.rows = new Uint32Array(capacity);
    this.scores = new Float64Array(capacity);
  }

  /** What a row must reach to be kept. */
  get threshold(): number {
    return this.count < this.capacity ? Number.NEGATIVE_INFINITY : this.scores[0]!;
  }

  offer(row: number, score: number): void {
    if (this.count < this.capacity) {
      this.siftUp(this.count++, row, score);
    } else if (score > this.scores[0]! || (score === this.scores[0] && row < this.rows[0]!)) {
      this.bound = Math.max(this.bound, this.scores[0]!);
      this.siftDown(row, score);
    } else {
      this.bound = Math.max(this.bound, score);
    }
  }

  /**
   * Offers the best of some rows, whose scores fall from one to the next.
   * @param scores those from `from` on, `count` of them
   * @param isAll whether they are all there are; otherwise the last stands for the others
   */
  offerBest(
    scores: Float32Array,
    {
      from,
      count,
      rowAt,
      isAll,
    }: {
      readonly from: number;
      readonly count: number;
      readonly rowAt: (i: number) => number;
      readonly isAll: boolean;
    },
  ): void {
    for (let i = from; i < from + count; i++) {
      this.offer(rowAt(i), scores[i]!);
      // Those behind it are no larger, and this one now is the bound on them.
      if (scores[i]! < this.threshold) break;
    }
    if (!isAll) this.bound = Math.max(this.bound, scores[from + count - 1]!);
  }

  /** The kept, best first. */
  sorted(): FoundRow[] {
    return Array.from({ length: this.count }, (_, i) => ({
      row: this.rows[i]!,
      score: this.scores[i]!,
    })).sort((a, b) => b.score - a.score || a.row - b.row);
  }

  /** The best of the kept alone. */
  best(count: number): BestRows {
    const best = new BestRows(count);
    for (let i = 0; i < this.count; i++) best.offer(this.rows[i]!, this.scores[i]!);
    return best;
  }

  /** Those of the kept that reach a score, ascending. */
  reaching(score: number): Uint32Array {
    return this.rows
      .subarray(0, this.count)
      .filter((_, i) => this.scores[i]! >= score)
      .sort();
  }

  // A heap with the worst on top.

  private siftUp(from: number, row: number, score: number): void {
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!worse(row, score, this.rows[parent]!, this.scores[parent]!)) break;
      this.put(at, this.rows[parent]!, this.scores[parent]!);
      at = parent;
    }
    this.put(at, row, score);
  }

  private siftDown(row: number, score: number): void {
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= this.count) break;
      if (
        child + 1 < this.count &&
        worse(this.rows[child + 1]!, this.scores[child + 1]!, this.rows[child]!, this.scores[child]!)
      )
        child++;
      if (!worse(this.rows[child]!, this.scores[child]!, row, score)) break;
      this.put(at, this.rows[child]!, this.scores[child]!);
      at = child;
    }
    this.put(at, row, score);
  }

  private put(at: number, row: number, score: number): void {
    this.rows[at] = row;
    this.scores[at] = score;
  }
}

function worse(row: number, score: number, otherRow: number, otherScore: number): boolean {
  return score < otherScore || (score === otherScore && row > otherRow);
}
