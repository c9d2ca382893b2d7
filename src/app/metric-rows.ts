import type { Evaluation } from '../evaluation/evaluation.js';
import type { QueryMetrics } from '../evaluation/metric-columns.js';
import { metricDefinitions } from '../evaluation/metric-definitions.js';

export { metricDefinitions };

/** One metric of an evaluation as tables show it. */
export interface MetricRow {
  /** `recall@10` */
  readonly name: string;
  readonly formula: string;
  readonly meaning: string;
  /** The metric's value among those of all, be they figures, intervals or differences; `null` where they have none. */
  of<Value>(values: QueryMetrics<Value> & { readonly knnAccuracy?: Value | null }): Value | null;
}

/** The metrics that are means over queries, in the order of reading: those that say most first. */
export function metricRows({ precisionAtK, knnAccuracy }: Evaluation): MetricRow[] {
  const ks = Object.keys(precisionAtK).map(Number);
  const plain = (
    key: 'precisionAt1' | 'precisionAt10' | 'rPrecision' | 'mapAtR' | 'map' | 'mrr',
  ): MetricRow => ({
    ...metricDefinitions[key],
    of: (values) => values[key],
  });
  const atK = (key: 'precisionAtK' | 'recallAtK' | 'ndcgAtK', k: number): MetricRow => ({
    ...metricDefinitions[key],
    name: metricDefinitions[key].name.replace('@k', `@${k}`),
    of: (values) => values[key][k]!,
  });
  return [
    plain('precisionAt1'),
    plain('precisionAt10'),
    ...ks.filter((k) => k !== 1 && k !== 10).map((k) => atK('precisionAtK', k)),
    plain('rPrecision'),
    plain('mapAtR'),
    plain('map'),
    plain('mrr'),
    // At 1, recall and NDCG are precision.
    ...ks.filter((k) => k !== 1).flatMap((k) => [atK('recallAtK', k), atK('ndcgAtK', k)]),
    ...(knnAccuracy === null
      ? []
      : [
          {
            ...metricDefinitions.knnAccuracy,
            of: <Value>(values: { knnAccuracy?: Value | null }) => values.knnAccuracy ?? null,
          },
        ]),
  ];
}

/** Agreement of clusters and classes, where it was asked for. */
export function clusterRows({ nmi, ami }: Evaluation) {
  return [
    { ...metricDefinitions.nmi, value: nmi },
    { ...metricDefinitions.ami, value: ami },
  ].flatMap(({ value, ...definition }) => (value === null ? [] : [{ ...definition, value }]));
}
