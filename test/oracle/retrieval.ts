/**
 * Retrieval metrics the slow and obvious way, in float64: every pair of vectors is compared, every ranking is sorted
 * whole, every formula is written as in the paper. What `src/evaluation` is held against.
 */

export interface NaiveSet {
  /** [n][d] */
  readonly vectors: readonly (readonly number[])[];
  readonly labels: readonly number[];
}

/** Gallery indices by falling dot product with the query, equal ones by index. */
export function ranking(query: readonly number[], gallery: NaiveSet, exclude?: number): number[] {
  return gallery.vectors
    .map((vector, index) => ({ index, score: vector.reduce((sum, value, i) => sum + value * query[i], 0) }))
    .filter(({ index }) => index !== exclude)
    .sort((a, b) => b.score - a.score || a.index - b.index)
    .map(({ index }) => index);
}

export interface NaiveFigures {
  readonly queries: number;
  readonly leftOut: number;
  readonly precisionAtK: Record<number, number | null>;
  readonly recallAtK: Record<number, number | null>;
  readonly rPrecision: number | null;
  readonly mapAtR: number | null;
  readonly map: number | null;
  readonly mrr: number | null;
  readonly ndcgAtK: Record<number, number | null>;
}

/** Leave-one-out where no gallery is given; only the queries of `onlyClass` where one is given. */
export function naiveRetrieval(
  queries: NaiveSet,
  { gallery, ks, onlyClass }: { gallery?: NaiveSet; ks: readonly number[]; onlyClass?: number },
): NaiveFigures {
  const searched = gallery ?? queries;
  const rows: {
    p: number[];
    hit: number[];
    rp: number;
    mapAtR: number;
    map: number;
    mrr: number;
    ndcg: number[];
  }[] = [];
  let leftOut = 0;
  queries.vectors.forEach((vector, query) => {
    const label = queries.labels[query];
    if (onlyClass !== undefined && label !== onlyClass) return;
    const ranked = ranking(vector, searched, gallery ? undefined : query);
    const rel = ranked.map((index) => (searched.labels[index] === label ? 1 : 0));
    const R = sum(rel);
    if (R === 0) {
      leftOut++;
      return;
    }
    const precisionAt = (k: number) => sum(rel.slice(0, k)) / k;
    rows.push({
      p: ks.map(precisionAt),
      hit: ks.map((k) => (sum(rel.slice(0, k)) > 0 ? 1 : 0)),
      rp: precisionAt(R),
      mapAtR: sum(rel.slice(0, R).map((r, i) => r * precisionAt(i + 1))) / R,
      map: sum(rel.map((r, i) => r * precisionAt(i + 1))) / R,
      mrr: 1 / (rel.indexOf(1) + 1),
      ndcg: ks.map(
        (k) => discounted(rel.slice(0, k)) / discounted(rel.toSorted((a, b) => b - a).slice(0, k)),
      ),
    });
  });
  return {
    queries: rows.length,
    leftOut,
    precisionAtK: Object.fromEntries(ks.map((k, i) => [k, mean(rows.map((row) => row.p[i]))])),
    recallAtK: Object.fromEntries(ks.map((k, i) => [k, mean(rows.map((row) => row.hit[i]))])),
    rPrecision: mean(rows.map((row) => row.rp)),
    mapAtR: mean(rows.map((row) => row.mapAtR)),
    map: mean(rows.map((row) => row.map)),
    mrr: mean(rows.map((row) => row.mrr)),
    ndcgAtK: Object.fromEntries(ks.map((k, i) => [k, mean(rows.map((row) => row.ndcg[i]))])),
  };
}

/** Majority vote of the k nearest of the training split; of tied classes, the one whose nearest voter is nearest. */
export function naiveKnnAccuracy(queries: NaiveSet, train: NaiveSet, k: number): number {
  const correct = queries.vectors.map((vector, query) => {
    const voters = ranking(vector, train)
      .slice(0, k)
      .map((index) => train.labels[index]);
    const classes = [...new Set(voters)];
    const votes = (c: number) => voters.filter((voter) => voter === c).length;
    classes.sort((a, b) => votes(b) - votes(a) || voters.indexOf(a) - voters.indexOf(b));
    return classes[0] === queries.labels[query] ? 1 : 0;
  });
  return sum(correct) / correct.length;
}

/** Leave-one-out confusion matrix over the first `perClass` queries of each class. */
export function naiveConfusion(
  set: NaiveSet,
  classCount: number,
  k: number,
  perClass = Infinity,
): number[][] {
  const matrix = Array.from({ length: classCount }, () => new Array<number>(classCount).fill(0));
  for (let c = 0; c < classCount; c++) {
    const members = set.labels.flatMap((label, index) => (label === c ? [index] : []));
    for (const query of members.slice(0, perClass))
      for (const neighbour of ranking(set.vectors[query], set, query).slice(0, k))
        matrix[c][set.labels[neighbour]]++;
  }
  return matrix;
}

/** Mean cosine over all pairs i < j of unit vectors. */
export function naiveMeanPairwiseCosine(vectors: readonly (readonly number[])[]): number {
  const cosines = vectors.flatMap((a, i) =>
    vectors.slice(i + 1).map((b) => sum(a.map((value, d) => value * b[d]))),
  );
  return sum(cosines) / cosines.length;
}

function discounted(gains: readonly number[]): number {
  return sum(gains.map((gain, i) => gain / Math.log2(i + 2)));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : sum(values) / values.length;
}
