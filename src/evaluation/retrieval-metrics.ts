import type { NeighbourBlock } from '../engine/nearest-neighbours.js';

/** Means over queries; `null` where there is no query to take a mean over. */
export interface RetrievalFigures {
  /** Queries the means are taken over. */
  readonly queries: number;
  /** Queries left out because the gallery holds no other item of their class. */
  readonly leftOut: number;
  /** By k: mean of (same-class items among the k nearest) / k. */
  readonly precisionAtK: Readonly<Record<number, number | null>>;
  /** By k: share of queries with at least one same-class item among the k nearest. */
  readonly recallAtK: Readonly<Record<number, number | null>>;
  readonly rPrecision: number | null;
  readonly mapAtR: number | null;
}

export interface RetrievalMetricsOptions {
  /** int32 [q]: class index of each query. */
  readonly queryLabels: Int32Array;
  /** int32 [g]: class index of each gallery item. Left out: leave-one-out, the gallery is the queries. */
  readonly galleryLabels?: Int32Array;
  readonly classCount: number;
  /** The k of precision@k and recall@k. */
  readonly ks?: readonly number[];
}

/**
 * Retrieval metrics of ranked neighbours, summed block by block: memory grows with the number of classes, not with
 * the number of queries.
 *
 * With rel(i) = 1 where the i-th nearest item has the query's class, else 0, and R = the number of gallery items of
 * the query's class (the query itself not counted), each query contributes
 *
 * - precision@k = (1/k) Σ_{i≤k} rel(i), the denominator being k even where R < k or the gallery is smaller than k;
 * - recall@k = 1 where Σ_{i≤k} rel(i) > 0, else 0 ("any hit"; not the share of the R that is found);
 * - R-precision = (1/R) Σ_{i≤R} rel(i);
 * - MAP@R = (1/R) Σ_{i≤R} rel(i)·P(i), P(i) = (1/i) Σ_{j≤i} rel(j).
 *
 * Queries with R = 0 are left out and counted. R-precision and MAP@R are those of Musgrave, Belongie and Lim, "A
 * Metric Learning Reality Check" (ECCV 2020), section 3.2; they need the R nearest neighbours of every query, so the
 * search must be asked for {@link neighboursNeeded} of them.
 */
export class RetrievalMetrics {
  /** The k the neighbour search must be run with: max over queries of R and over `ks`. */
  readonly neighboursNeeded: number;

  private readonly queryLabels: Int32Array;
  private readonly galleryLabels: Int32Array;
  private readonly ks: readonly number[];
  /** R by class index. */
  private readonly relevantOf: Int32Array;
  /** float64 [classes, 2·ks + 2]: sums of hits@k..., recall@k..., R-precision, MAP@R. */
  private readonly sums: Float64Array;
  private readonly columns: number;
  private readonly queriesOf: Int32Array;
  private readonly leftOutOf: Int32Array;

  constructor({ queryLabels, galleryLabels, classCount, ks = [1, 10] }: RetrievalMetricsOptions) {
    this.queryLabels = queryLabels;
    this.galleryLabels = galleryLabels ?? queryLabels;
    this.ks = ks;
    const sizeOf = new Int32Array(classCount);
    for (const label of this.galleryLabels) sizeOf[label]++;
    this.relevantOf = galleryLabels ? sizeOf : sizeOf.map((size) => Math.max(0, size - 1));
    this.columns = 2 * ks.length + 2;
    this.sums = new Float64Array(classCount * this.columns);
    this.queriesOf = new Int32Array(classCount);
    this.leftOutOf = new Int32Array(classCount);
    this.neighboursNeeded = Math.max(...ks);
    for (const label of queryLabels)
      this.neighboursNeeded = Math.max(this.neighboursNeeded, this.relevantOf[label]);
  }

  add({ firstQuery, queryCount, k, indices }: NeighbourBlock): void {
    for (let row = 0; row < queryCount; row++) {
      const label = this.queryLabels[firstQuery + row];
      if (this.relevantOf[label] === 0) this.leftOutOf[label]++;
      else this.addQuery(label, indices.subarray(row * k, row * k + k));
    }
  }

  private addQuery(label: number, neighbours: Int32Array): void {
    const { ks, sums, galleryLabels } = this;
    const relevant = this.relevantOf[label];
    const atK = label * this.columns;
    const recall = atK + ks.length;
    const depth = Math.min(this.neighboursNeeded, neighbours.length);
    let hits = 0;
    let hitsWithinR = 0;
    let precisionSum = 0;
    for (let rank = 1; rank <= depth; rank++) {
      const neighbour = neighbours[rank - 1];
      if (neighbour < 0) break;
      if (galleryLabels[neighbour] !== label) continue;
      hits++;
      for (let i = 0; i < ks.length; i++) {
        if (rank > ks[i]) continue;
        sums[atK + i]++;
        if (hits === 1) sums[recall + i]++;
      }
      if (rank <= relevant) {
        hitsWithinR++;
        precisionSum += hits / rank;
      }
    }
    sums[recall + ks.length] += hitsWithinR / relevant;
    sums[recall + ks.length + 1] += precisionSum / relevant;
    this.queriesOf[label]++;
  }

  /** The figures over all queries. */
  overall(): RetrievalFigures {
    const totals = new Float64Array(this.columns);
    this.sums.forEach((sum, i) => {
      totals[i % this.columns] += sum;
    });
    return this.figures(totals, total(this.queriesOf), total(this.leftOutOf));
  }

  /** The figures over the queries of each class, by class index. */
  perClass(): RetrievalFigures[] {
    return Array.from(this.queriesOf, (queries, c) => {
      const row = this.sums.subarray(c * this.columns, (c + 1) * this.columns);
      return this.figures(row, queries, this.leftOutOf[c]);
    });
  }

  private figures(sums: Float64Array, queries: number, leftOut: number): RetrievalFigures {
    const mean = (column: number) => (queries === 0 ? null : sums[column] / queries);
    const byK = (value: (i: number, k: number) => number | null) =>
      Object.fromEntries(this.ks.map((k, i) => [k, value(i, k)]));
    return {
      queries,
      leftOut,
      precisionAtK: byK((i, k) => (queries === 0 ? null : sums[i] / (k * queries))),
      recallAtK: byK((i) => mean(this.ks.length + i)),
      rPrecision: mean(2 * this.ks.length),
      mapAtR: mean(2 * this.ks.length + 1),
    };
  }
}

function total(counts: Int32Array): number {
  return counts.reduce((sum, count) => sum + count, 0);
}
