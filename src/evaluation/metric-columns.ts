/** One value for each metric that is a mean over queries: a figure, an interval, a difference. */
export interface QueryMetrics<Value> {
  readonly precisionAt1: Value;
  readonly precisionAt10: Value;
  readonly rPrecision: Value;
  readonly mapAtR: Value;
  /** Average precision over the whole ranking. */
  readonly map: Value;
  /** Mean reciprocal rank. */
  readonly mrr: Value;
  readonly precisionAtK: Readonly<Record<number, Value>>;
  /** Any-hit recall by k. */
  readonly recallAtK: Readonly<Record<number, Value>>;
  readonly ndcgAtK: Readonly<Record<number, Value>>;
}

/**
 * Works out what each query contributes to the means, from the ranks of its positives alone: a row of numbers per query, a
 * column per metric.
 *
 * With the ranks r_1 < … < r_R of the R gallery items of the query's class, rank 1 being the nearest item:
 *
 * - precision@k = |{i : r_i ≤ k}| / k, the denominator being k even where R < k or the gallery is smaller than k;
 * - recall@k = 1 where r_1 ≤ k, else 0 ("any hit"; not the share of the R that is found);
 * - R-precision = |{i : r_i ≤ R}| / R;
 * - MAP@R = (1/R) Σ i/r_i over the i with r_i ≤ R, as i/r_i is the precision at the rank of the i-th positive;
 * - MAP = (1/R) Σ_i i/r_i, average precision over the whole ranking;
 * - MRR = 1/r_1;
 * - NDCG@k = Σ 1/log₂(r_i + 1) over the i with r_i ≤ k, divided by its value for the best ranking, Σ 1/log₂(i + 1) over
 *   i ≤ min(k, R). Gains are 0 or 1.
 *
 * R-precision and MAP@R are those of Musgrave, Belongie and Lim, "A Metric Learning Reality Check" (ECCV 2020), section
 * 3.2; NDCG is that of Järvelin and Kekäläinen, "Cumulated gain-based evaluation of IR techniques" (TOIS 2002), with the
 * discount log₂(rank + 1) of Burges et al. (ICML 2005).
 */
export class MetricColumns {
  /** Numbers per query. */
  readonly count: number;
  private readonly precisionKs: readonly number[];
  /** 1/log₂(i + 1) by i, and their sums. */
  private readonly discount: Float64Array;
  private readonly idealGain: Float64Array;

  /** @param ks the k of precision@k, recall@k and NDCG@k, whole numbers of at least 1 */
  constructor(readonly ks: readonly number[]) {
    this.precisionKs = [...new Set([1, 10, ...ks])];
    this.count = firstPrecision + this.precisionKs.length + 2 * ks.length;
    this.discount = new Float64Array(Math.max(0, ...ks) + 1);
    this.idealGain = new Float64Array(this.discount.length);
    for (let i = 1; i < this.discount.length; i++) {
      this.discount[i] = 1 / Math.log2(i + 1);
      this.idealGain[i] = this.idealGain[i - 1] + this.discount[i];
    }
  }

  /**
   * Writes the row of one query.
   * @param ranks int32 [R], rising, R > 0
   * @param values float64, `count` of which are written from `to` on
   */
  write(ranks: Int32Array, values: Float64Array, to: number): void {
    const { ks, precisionKs, discount, idealGain } = this;
    const relevant = ranks.length;
    let averagePrecision = 0;
    let i = 0;
    for (; i < relevant && ranks[i] <= relevant; i++) averagePrecision += (i + 1) / ranks[i];
    values[to] = i / relevant;
    values[to + 1] = averagePrecision / relevant;
    for (; i < relevant; i++) averagePrecision += (i + 1) / ranks[i];
    values[to + 2] = averagePrecision / relevant;
    values[to + 3] = 1 / ranks[0];
    let column = to + firstPrecision;
    for (const k of precisionKs) values[column++] = hitsWithin(ranks, k) / k;
    for (const k of ks) values[column++] = ranks[0] <= k ? 1 : 0;
    for (const k of ks) {
      const hits = hitsWithin(ranks, k);
      let gain = 0;
      for (let hit = 0; hit < hits; hit++) gain += discount[ranks[hit]];
      values[column++] = gain / idealGain[Math.min(k, relevant)];
    }
  }

  /** The columns' values under the names of their metrics. */
  named<Value>(at: (column: number) => Value): QueryMetrics<Value> {
    const { ks, precisionKs } = this;
    const firstRecall = firstPrecision + precisionKs.length;
    const precision = (k: number) => at(firstPrecision + precisionKs.indexOf(k));
    return {
      precisionAt1: precision(1),
      precisionAt10: precision(10),
      rPrecision: at(0),
      mapAtR: at(1),
      map: at(2),
      mrr: at(3),
      precisionAtK: Object.fromEntries(ks.map((k) => [k, precision(k)])),
      recallAtK: Object.fromEntries(ks.map((k, i) => [k, at(firstRecall + i)])),
      ndcgAtK: Object.fromEntries(ks.map((k, i) => [k, at(firstRecall + ks.length + i)])),
    };
  }
}

/** R-precision, MAP@R, MAP and MRR come before it. */
const firstPrecision = 4;

function hitsWithin(ranks: Int32Array, k: number): number {
  let hits = 0;
  while (hits < ranks.length && ranks[hits] <= k) hits++;
  return hits;
}
