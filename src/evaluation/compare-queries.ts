import { ImagekinError } from '../core/errors.js';
import { type BootstrapOptions, type Difference, pairedBootstrap } from './bootstrap.js';
import { MetricColumns, type QueryMetrics } from './metric-columns.js';
import type { QueryFigures } from './query-figures.js';

/** By metric, the second model's figure minus the first's. */
export interface Differences extends QueryMetrics<Difference> {
  /** `null` where one of them has none. */
  readonly knnAccuracy: Difference | null;
}

/**
 * Compares two models, measured on the same queries, metric by metric with a paired bootstrap.
 *
 * @throws ImagekinError `queries-differ` where number, classes or choice of the queries differ
 */
export function compareQueries(
  first: QueryFigures,
  second: QueryFigures,
  options: Omit<BootstrapOptions, 'columns'> = {},
): Differences {
  requireSameQueries(first, second);
  const columns = new MetricColumns(first.ks);
  const differences = pairedBootstrap(first.values, second.values, { ...options, columns: columns.count });
  const knn =
    first.knnCorrect && second.knnCorrect && pairedBootstrap(first.knnCorrect, second.knnCorrect, options);
  return { ...columns.named((column) => differences[column]), knnAccuracy: knn?.[0] ?? null };
}

function requireSameQueries(first: QueryFigures, second: QueryFigures): void {
  const different = (what: string, a: unknown, b: unknown) =>
    new ImagekinError('queries-differ', {
      where: 'compareQueries',
      expected: `the same ${what} for both models`,
      got: `${a} and ${b}`,
      fix: 'measure both on the same images, in the same order, with the same options',
    });
  const pairs = [
    ['number of queries', first.queries.length, second.queries.length],
    ['k', first.ks.join(), second.ks.join()],
  ] as const;
  for (const [what, a, b] of pairs) if (a !== b) throw different(what, a, b);
  for (let i = 0; i < first.queries.length; i++) {
    if (first.queries[i] !== second.queries[i])
      throw different('queries', `query ${first.queries[i]}`, `query ${second.queries[i]}`);
    if (first.labels[i] !== second.labels[i])
      throw different(
        `class of query ${first.queries[i]}`,
        `class ${first.labels[i]}`,
        `class ${second.labels[i]}`,
      );
  }
}
