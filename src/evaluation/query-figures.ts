import { MetricColumns, type QueryMetrics } from './metric-columns.js';

/** What each query contributes to the means: what intervals and comparisons are made of. */
export interface QueryFigures {
  /** The k of the metrics that have one. */
  readonly ks: readonly number[];
  /** int32 [n]: the queries that count, rising. Those whose class the gallery has no other item of are left out. */
  readonly queries: Int32Array;
  /** int32 [n]: their classes. */
  readonly labels: Int32Array;
  /** float64 [n, columns], by `MetricColumns`. */
  readonly values: Float64Array;
  /** uint8 [q], of all queries, also those left out above: 1 where the vote for the kNN accuracy was right; or `null`. */
  readonly knnCorrect: Uint8Array | null;
}

/**
 * Keeps the rows of the queries that count.
 * @param values float64 [q, columns]; a row of NaN is left out
 */
export function queryFigures(
  values: Float64Array,
  labels: Int32Array,
  ks: readonly number[],
  knnCorrect: Uint8Array | null,
): QueryFigures {
  const { count: columns } = new MetricColumns(ks);
  const queries = Int32Array.from(labels.keys()).filter((query) => !Number.isNaN(values[query * columns]));
  const kept = new Float64Array(queries.length * columns);
  queries.forEach((query, i) => {
    kept.set(values.subarray(query * columns, (query + 1) * columns), i * columns);
  });
  return { ks, queries, labels: queries.map((query) => labels[query]), values: kept, knnCorrect };
}

/** Every query weighs alike. `null` where there is no query. */
export function microMeans({ ks, queries, values }: QueryFigures): QueryMetrics<number | null> {
  const columns = new MetricColumns(ks);
  const sums = new Float64Array(columns.count);
  for (let i = 0; i < values.length; i++) sums[i % columns.count] += values[i];
  return columns.named((column) => (queries.length === 0 ? null : sums[column] / queries.length));
}

/** The means over the queries of each class, by class index; `null` for a class without a query that counts. */
export function classMeans(figures: QueryFigures, classCount: number): QueryMetrics<number | null>[] {
  const columns = new MetricColumns(figures.ks);
  const { queriesOf, means } = meansByClass(figures, columns.count, classCount);
  return Array.from(queriesOf, (queries, label) =>
    columns.named((column) => (queries === 0 ? null : means[label * columns.count + column])),
  );
}

/** Every class weighs alike, however many queries it has: the mean of the means of the classes that have one. */
export function macroMeans(figures: QueryFigures, classCount: number): QueryMetrics<number | null> {
  const columns = new MetricColumns(figures.ks);
  const { queriesOf, means } = meansByClass(figures, columns.count, classCount);
  const tested = [...queriesOf.keys()].filter((label) => queriesOf[label] > 0);
  return columns.named((column) =>
    tested.length === 0
      ? null
      : tested.reduce((sum, label) => sum + means[label * columns.count + column], 0) / tested.length,
  );
}

function meansByClass({ labels, values }: QueryFigures, columns: number, classCount: number) {
  const queriesOf = new Int32Array(classCount);
  for (const label of labels) queriesOf[label]++;
  /** float64 [classes, columns] */
  const means = new Float64Array(classCount * columns);
  labels.forEach((label, i) => {
    for (let column = 0; column < columns; column++)
      means[label * columns + column] += values[i * columns + column] / queriesOf[label];
  });
  return { queriesOf, means };
}
