import type { IndexHit, VectorIndex } from '../index/vector-index.js';
import { diversify } from './diversify.js';
import { type FoldedHit, type FoldRule, foldAlike, type HitFacts } from './fold-alike.js';
import { type RankedRequest, rankedHits } from './ranked-hits.js';

export interface PageRequest extends Omit<RankedRequest, 'first'> {
  /** Hits of a page. */
  readonly k: number;
  /** Hits before it. */
  readonly offset: number;
  readonly fold: FoldRule;
  /** From 0, the nearest in order, to 1. */
  readonly diversity: number;
}

export interface PageHit extends IndexHit {
  /** Counts from 1, over all pages. */
  readonly rank: number;
  /** Folded into it, as far as was searched for this page. */
  readonly alike: readonly IndexHit[];
}

export interface Page {
  readonly hits: readonly PageHit[];
  /** Whether another page follows. */
  readonly more: boolean;
}

/** Some hits more than are shown, so that folding rarely makes a second search necessary. */
const spare = 16;
/** Hits among which those of a page are chosen, where they shall differ: so many times the page, but at least these. */
const pool = { pages: 4, least: 64, most: 1000 };

/** An index, with its kind where that is known. */
export type PagedIndex = Pick<VectorIndex, 'search'> & { readonly kind?: VectorIndex['kind'] | undefined };

/** A page of results. The pages of one request are cut from one list: each goes on exactly where the one before it ended. */
export async function searchPage(
  index: PagedIndex,
  facts: HitFacts,
  { k, offset, fold, diversity, ...request }: PageRequest,
): Promise<Page> {
  // All that decides the order must be the same for every page, so it is not made of the offset.
  const poolSize = Math.max(k, Math.min(pool.most, Math.max(pool.least, pool.pages * k)));
  // An index that misses nothing has one order, however many it is asked for: all up to the page are one search of it.
  const before = index.kind === 'exact' || request.among !== undefined ? offset : 0;
  const first = before + (diversity > 0 ? poolSize : k) + spare + (request.without?.size ?? 0);
  const folded = foldAlike(rankedHits(index, { ...request, first }), facts, {
    rule: fold,
    needsVectors: diversity > 0,
  });
  const ordered = diversity > 0 ? diversify(folded, { diversity, pool: poolSize }) : folded;
  const list: FoldedHit[] = [];
  for await (const hits of ordered) {
    // One by one: a call takes only so many arguments.
    for (const hit of hits) list.push(hit);
    if (list.length > offset + k) break;
  }
  const hits = list
    .slice(offset, offset + k)
    .map(({ id, score, alike }, i) => ({ rank: offset + i + 1, id, score, alike }));
  return { hits, more: list.length > offset + k };
}
