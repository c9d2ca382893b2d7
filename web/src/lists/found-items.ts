import { type Signal, signal } from '@preact/signals';
import {
  api,
  type Failure,
  failureOf,
  type ImageSummary,
  isAbort,
  type SearchHit,
  type SearchRequest,
  type SearchResponse,
} from '../api.js';
import type { GridItems } from '../grid/items.js';
import { noteSeen } from '../query/query-picture.js';
import { readUpload } from '../query/uploads.js';

/** An image in the list of results: a hit, or what was folded into one and has been unfolded. */
export interface Found extends ImageSummary {
  readonly score: number;
  readonly rank: number;
  readonly likeness: SearchHit['likeness'];
  readonly probability: number | null;
  /** How many are folded into it. */
  readonly folded: number;
  readonly unfolded: boolean;
  /** The hit that it was folded into. */
  readonly of: number | undefined;
}

/** Few large pages cost the server less than many small ones: files of a query are sent and embedded for each. */
const pageSize = 240;
/** Where results shall differ from each other, the server chooses those of a page among four times as many. */
const diversePageSize = 60;
/** The server gives no more in one answer. */
const mostAtOnce = 1000;
/** The server looks no further. */
const farthest = 100_000;

/** Results of a search, which grow as they are scrolled through. */
export class FoundItems implements GridItems<Found> {
  readonly count: Signal<number | undefined> = signal(undefined);
  readonly growing = signal(true);
  readonly version = signal(0);
  readonly failure: Signal<Failure | undefined> = signal(undefined);
  /** The answer to the first page: its histogram, how many were searched and how long it took. */
  readonly first: Signal<SearchResponse | undefined> = signal(undefined);
  readonly #collection: string;
  readonly #request: SearchRequest;
  readonly #files: readonly string[];
  /** The same for all pages of a list: the order of results may depend on it. */
  readonly #pageSize: number;
  readonly #aborter = new AbortController();
  readonly #hits: SearchHit[] = [];
  readonly #unfolded = new Set<number>();
  #list: Found[] = [];
  #loading = false;

  /** @param atLeast how many to ask for at first, if that is more than a page */
  constructor(collection: string, request: SearchRequest, files: readonly string[], atLeast = 0) {
    this.#collection = collection;
    this.#request = request;
    this.#files = files;
    this.#pageSize = Math.min(mostAtOnce, Math.max(request.diversity ? diversePageSize : pageSize, atLeast));
    void this.#more();
  }

  /** How many hits are loaded. */
  get found(): number {
    return this.#hits.length;
  }

  at(index: number): Found | undefined {
    return this.#list[index];
  }

  need(_from: number, to: number): void {
    if (to > this.#list.length - this.#pageSize / 2) void this.#more();
  }

  retry(): void {
    this.failure.value = undefined;
    void this.#more();
  }

  dispose(): void {
    this.#aborter.abort();
  }

  /** Shows what was folded into a hit behind it, or folds it again. */
  toggleFold(id: number): void {
    if (!this.#unfolded.delete(id)) this.#unfolded.add(id);
    this.#rebuild();
  }

  /** Puts others in the place of images that have changed. */
  change(replace: (image: ImageSummary) => ImageSummary): void {
    this.#hits.forEach((hit, at) => {
      this.#hits[at] = {
        ...hit,
        ...replace(hit),
        alike: hit.alike.map((each) => ({ ...each, ...replace(each) })),
      } as SearchHit;
    });
    this.#rebuild();
  }

  scores(): ReadonlyMap<number, { rank: number; score: number }> {
    return new Map(this.#list.map(({ id, rank, score }) => [id, { rank, score }]));
  }

  all(): readonly Found[] {
    return this.#list;
  }

  async #more(): Promise<void> {
    const offset = this.#hits.length;
    if (this.#loading || !this.growing.peek() || this.failure.peek() || offset > farthest) return;
    this.#loading = true;
    try {
      const files = await readFiles(this.#files);
      const request = { ...this.#request, k: this.#pageSize, offset, histogram: offset === 0 };
      const answer = await api.search(this.#collection, request, files, this.#aborter.signal);
      if (this.#aborter.signal.aborted) return;
      noteSeen(this.#collection, answer.hits);
      this.#hits.push(...answer.hits);
      this.growing.value = answer.more && answer.hits.length > 0;
      if (offset === 0) this.first.value = answer;
      // Those before stay the very same, so that they need not be drawn again.
      this.#show([...this.#list, ...answer.hits.flatMap((hit) => this.#foundOf(hit))]);
    } catch (error) {
      if (!isAbort(error) && !this.#aborter.signal.aborted) this.failure.value = failureOf(error);
    } finally {
      this.#loading = false;
    }
  }

  #rebuild(): void {
    this.#show(this.#hits.flatMap((hit) => this.#foundOf(hit)));
  }

  #show(list: Found[]): void {
    this.#list = list;
    this.count.value = list.length;
    this.version.value++;
  }

  /** A hit, and behind it what was folded into it, if that is to be shown. */
  #foundOf(hit: SearchHit): Found[] {
    const unfolded = this.#unfolded.has(hit.id);
    const found: Found = { ...hit, folded: hit.alike.length, unfolded, of: undefined };
    if (!unfolded) return [found];
    return [
      found,
      ...hit.alike.map(
        (each): Found => ({
          ...each,
          rank: hit.rank,
          likeness: null,
          probability: null,
          folded: 0,
          unfolded: false,
          of: hit.id,
        }),
      ),
    ];
  }
}

async function readFiles(hashes: readonly string[]): Promise<ReadonlyMap<string, Blob>> {
  const files = new Map<string, Blob>();
  for (const hash of hashes) {
    const kept = await readUpload(hash);
    if (!kept) {
      throw failureOf(
        new Error(
          'An image of this search is not in this browser any more: it was dropped here long ago, or elsewhere. Take it out of the query, or drop it again.',
        ),
      );
    }
    files.set(hash, kept.blob);
  }
  return files;
}
