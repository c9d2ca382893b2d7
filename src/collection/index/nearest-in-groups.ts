import { BestRows, type FoundRow } from './best-rows.js';
import { dotProducts } from './dot-products.js';
import { rowsBehindGroups, rowsOfGroups } from './group-scan.js';
import { groupSize } from './scan-programs.js';
import { Turns } from './turns.js';

/** Groups that were found for each of some queries. */
export interface FoundGroups {
  /** Groups by their largest product, and a bound on that of all others. */
  readonly best: readonly BestRows[];
  /** What 1 in a query's products stands for. */
  readonly unitOf: (query: number) => number;
  /** By query: |q·x − unit · product| is at most this for every row; not finite where nothing can be said. */
  readonly slack: Float64Array;
  /** Rows of groups, ascending, whose product with a query may reach a number. Default: all of them. */
  readonly rowsThatReach?: (least: number, query: number, groups: Uint32Array) => Uint32Array;
}

/** The k nearest among the rows that were looked at. */
export interface GroupNearest {
  readonly nearest: FoundRow[];
  /** Whether no row of another group can be among them. */
  readonly isSettled: boolean;
}

/**
 * The k nearest rows of each query by float64, of the groups that can have one. The groups with the largest products come first: the
 * better the k-th row of theirs, the fewer others.
 *
 * @param matrix float32 [rows, dimension]
 * @param queries float32 [queries, dimension]
 */
export async function nearestInGroups(
  matrix: Float32Array,
  queries: Float32Array,
  { best, unitOf, slack, rowsThatReach = (_least, _query, groups) => rowsOfGroups(groups) }: FoundGroups,
  { k, dimension, signal }: { readonly k: number; readonly dimension: number; readonly signal?: AbortSignal },
): Promise<GroupNearest[]> {
  const behind = rowsBehindGroups(matrix.length / dimension);
  const found: GroupNearest[] = [];
  const turns = new Turns(signal);
  for (const [query, groups] of best.entries()) {
    let multiplied = 0;
    const kept = new BestRows(k);
    const score = (rows: Uint32Array) => {
      if (rows.length === 0) return;
      const offer = (place: number, product: number) => kept.offer(rows[place]!, product);
      dotProducts(queries, query * dimension, matrix, { rows, dimension }, offer);
      multiplied += rows.length * dimension;
    };
    const scoreThoseOf = (some: Uint32Array, least: number) => {
      score(rowsThatReach(least, query, some));
      // Products that only tell rows apart take a fraction of the time.
      multiplied += (some.length * groupSize * dimension) / 4;
    };
    const slackOfProducts = slack[query]! / unitOf(query);
    const first = groups.best(k);
    // Each of these has a row that is off by no more than the slack, and so has whatever is among the k nearest.
    const inFirst = first.reaching(Number.NEGATIVE_INFINITY);
    scoreThoseOf(inFirst, first.threshold - 2 * slackOfProducts);
    score(behind);
    const least = () => kept.threshold / unitOf(query) - slackOfProducts;
    const done = new Set(inFirst);
    scoreThoseOf(
      groups.reaching(least()).filter((group) => !done.has(group)),
      least(),
    );
    found.push({
      nearest: kept.sorted(),
      isSettled: Number.isFinite(slack[query]!) && groups.bound < least(),
    });
    await turns.after(multiplied);
  }
  return found;
}
