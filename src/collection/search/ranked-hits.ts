import type { IndexHit, VectorIndex } from '../index/vector-index.js';

/** What is searched, and where. */
export interface RankedRequest {
  /** float32 [dimension], unit length. */
  readonly query: Float32Array;
  /** How many are asked for first. Then twice as many, and so on, as long as more are wanted. */
  readonly first: number;
  /** Only these, ids ascending. */
  readonly among?: Uint32Array;
  /** None of these. */
  readonly without?: ReadonlySet<number>;
  /** Whether a hit is good enough; a lower score must never be where a higher is not. */
  readonly accepts?: (score: number) => boolean;
  /** Asked for before each search: others may read on. */
  readonly signal?: () => AbortSignal | undefined;
}

/**
 * The nearest of a query, the nearest first, in batches for as long as somebody takes them.
 *
 * An approximate index that is asked for more may find one that it missed before. It comes then behind those that were given
 * already, so that what was once on a page stays there: the order depends on the request, not on how far it is read.
 */
export async function* rankedHits(
  index: Pick<VectorIndex, 'search'>,
  { query, first, among, without, accepts = () => true, signal }: RankedRequest,
): AsyncGenerator<IndexHit[]> {
  const given = new Set<number>();
  for (let depth = first; ; depth *= 2) {
    const [found] = await index.search(query, depth, { among, signal: signal?.() });
    const fresh = found!.filter(({ id, score }) => !given.has(id) && !without?.has(id) && accepts(score));
    for (const { id } of fresh) given.add(id);
    if (fresh.length > 0) yield fresh;
    const last = found!.at(-1);
    if (found!.length < depth || !accepts(last!.score)) return;
  }
}
