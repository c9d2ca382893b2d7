import type { IndexHit, VectorIndex } from '../index/vector-index.js';
import { diversify } from './diversify.js';
import { type FoldedHit, type FoldRule, foldAlike, type HitFacts } from './fold-alike.js';
import { type RankedRequest, rankedHits } from './ranked-hits.js';

/** What decides which results a list has, and in which order. */
export interface ListRequest extends Omit<RankedRequest, 'first' | 'signal'> {
  /** Hits of a page. */
  readonly k: number;
  readonly fold: FoldRule;
  /** From 0, the nearest in order, to 1. */
  readonly diversity: number;
}

export interface PageHit extends IndexHit {
  /** Counts from 1, over all pages. */
  readonly rank: number;
  /** Folded into it, as far as was searched so far. */
  readonly alike: readonly IndexHit[];
}

export interface Page {
  readonly hits: readonly PageHit[];
  /** Whether another page follows. */
  readonly more: boolean;
}

/** Hits some more than are shown, so that folding rarely makes a second search necessary. */
const spare = 16;
/** Hits among which those of a page are chosen, where they shall differ: so many times the page, but at least these. */
const pool = { pages: 4, least: 64, most: 1000 };

/** An index, with its kind where that is known. */
export type ListedIndex = Pick<VectorIndex, 'search'> & { readonly kind?: VectorIndex['kind'] | undefined };

/**
 * The results of a request, found as far as pages of them are asked for. The pages of one request are cut from one list, be it
 * this one or another: each goes on exactly where the one before it ended.
 */
export class ResultList {
  readonly #hits: FoldedHit[] = [];
  readonly #batches: AsyncIterator<FoldedHit[]>;
  readonly #k: number;
  /** Of whoever asks for a page now. */
  #signal: AbortSignal | undefined;

  /** @param offset where its first page will be */
  constructor(index: ListedIndex, facts: HitFacts, request: ListRequest, offset = 0) {
    const { k, fold, diversity, ...ranked } = request;
    // All that decides the order must be the same for every page, so it is not made of the offset.
    const poolSize = Math.max(k, Math.min(pool.most, Math.max(pool.least, pool.pages * k)));
    // An index that misses nothing has one order, however many it is asked for: all up to the page are one search of it.
    const before = index.kind === 'exact' || ranked.among !== undefined ? offset : 0;
    const first = before + (diversity > 0 ? poolSize : k) + spare + (ranked.without?.size ?? 0);
    const hits = rankedHits(index, { ...ranked, first, signal: () => this.#signal });
    const folded = foldAlike(hits, facts, { rule: fold, needsVectors: diversity > 0 });
    const ordered = diversity > 0 ? diversify(folded, { diversity, pool: poolSize }) : folded;
    this.#batches = ordered[Symbol.asyncIterator]();
    this.#k = k;
  }

  /** Numbers that it holds, roughly. */
  get size(): number {
    return this.#hits.length * (this.#hits[0]?.vector?.length ?? 1);
  }

  /** One page at a time; where one was not to be had, the list is of no more use. */
  async page(offset: number, signal?: AbortSignal): Promise<Page> {
    this.#signal = signal;
    const end = offset + this.#k;
    while (this.#hits.length <= end) {
      const { done, value } = await this.#batches.next();
      if (done) break;
      // One by one: a call takes only so many arguments.
      for (const hit of value) this.#hits.push(hit);
    }
    const hits = this.#hits
      .slice(offset, end)
      .map(({ id, score, alike }, i) => ({ rank: offset + i + 1, id, score, alike: [...alike] }));
    return { hits, more: this.#hits.length > end };
  }
}
