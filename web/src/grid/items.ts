import { type ReadonlySignal, type Signal, signal } from '@preact/signals';
import { type Failure, failureOf, isAbort } from '../api.js';

/** What a grid shows: things in a row, of which only those that are seen need be there. */
export interface GridItems<T> {
  /** How many there are, as far as is known; `undefined` before the first answer. */
  readonly count: ReadonlySignal<number | undefined>;
  /** Whether more may come behind the last one. */
  readonly growing?: ReadonlySignal<boolean>;
  /** Changes whenever `at` has other answers. */
  readonly version: ReadonlySignal<number>;
  readonly failure: ReadonlySignal<Failure | undefined>;
  /** `undefined` while it is not there. */
  at(index: number): T | undefined;
  /** Tells what is looked at, so that it is loaded. */
  need(from: number, to: number): void;
  retry(): void;
}

/** Things that are there already. */
export function listItems<T>(list: readonly T[]): GridItems<T> {
  return {
    count: signal(list.length),
    version: signal(0),
    failure: signal(undefined),
    at: (index) => list[index],
    need() {},
    retry() {},
  };
}

export interface Page<T> {
  readonly items: readonly T[];
  readonly total: number;
}

export type LoadPage<T> = (offset: number, limit: number, signal: AbortSignal) => Promise<Page<T>>;

/** Pages that may be loaded at once: more would keep those that are looked at now waiting. */
const atOnce = 3;

/** Pages that are kept: who scrolls through a million images shall not have them all in memory. */
const pagesAtMost = 200;

/** Things of which there are many, loaded a page at a time where they are looked at. */
export class PagedItems<T> implements GridItems<T> {
  readonly count: Signal<number | undefined> = signal(undefined);
  readonly version = signal(0);
  readonly failure: Signal<Failure | undefined> = signal(undefined);
  readonly #load: LoadPage<T>;
  readonly #pageSize: number;
  readonly #pages = new Map<number, T[]>();
  readonly #loading = new Map<number, AbortController>();
  #wanted: readonly [number, number] = [0, 0];
  #disposed = false;

  constructor(load: LoadPage<T>, pageSize = 100) {
    this.#load = load;
    this.#pageSize = pageSize;
    this.need(0, 1);
  }

  at(index: number): T | undefined {
    return this.#pages.get(Math.floor(index / this.#pageSize))?.[index % this.#pageSize];
  }

  need(from: number, to: number): void {
    this.#wanted = [
      Math.floor(Math.max(0, from) / this.#pageSize),
      Math.floor(Math.max(0, to - 1) / this.#pageSize),
    ];
    if (this.failure.peek()) return;
    const [first, last] = this.#wanted;
    // Somebody who scrolls far does not wait for what was passed on the way.
    for (const [page, aborter] of this.#loading) {
      if (page < first - 1 || page > last + 1) {
        aborter.abort();
        this.#loading.delete(page);
      }
    }
    for (let page = first; page <= last; page++) this.#want(page);
  }

  retry(): void {
    this.failure.value = undefined;
    this.need(this.#wanted[0] * this.#pageSize, (this.#wanted[1] + 1) * this.#pageSize);
  }

  /** Loads again what is looked at, and forgets the rest. What is shown stays until its successor is there. */
  async refresh(): Promise<void> {
    const [first, last] = this.#wanted;
    for (const page of [...this.#pages.keys()]) if (page < first || page > last) this.#pages.delete(page);
    await Promise.all(Array.from({ length: last - first + 1 }, (_, each) => this.#fetch(first + each)));
  }

  /** Puts others in the place of some that are there. */
  change(replace: (item: T) => T): void {
    for (const [page, items] of this.#pages) this.#pages.set(page, items.map(replace));
    this.version.value++;
  }

  dispose(): void {
    this.#disposed = true;
    for (const aborter of this.#loading.values()) aborter.abort();
  }

  /** Forgets the pages that are farthest from what is looked at, as long as there are too many. */
  #forgetFarthest(): void {
    const farFrom = (page: number) => Math.abs(page - this.#wanted[0]);
    while (this.#pages.size > pagesAtMost) {
      let farthest = -1;
      for (const page of this.#pages.keys()) {
        if (farthest === -1 || farFrom(page) > farFrom(farthest)) farthest = page;
      }
      this.#pages.delete(farthest);
    }
  }

  #want(page: number): void {
    if (this.#pages.has(page) || this.#loading.has(page) || this.#loading.size >= atOnce) return;
    const known = this.count.peek();
    if (known !== undefined && page > 0 && page * this.#pageSize >= known) return;
    void this.#fetch(page);
  }

  async #fetch(page: number): Promise<void> {
    this.#loading.get(page)?.abort();
    const aborter = new AbortController();
    this.#loading.set(page, aborter);
    try {
      const { items, total } = await this.#load(page * this.#pageSize, this.#pageSize, aborter.signal);
      if (aborter.signal.aborted || this.#disposed) return;
      this.#pages.set(page, [...items]);
      this.#forgetFarthest();
      this.count.value = total;
      this.version.value++;
    } catch (error) {
      if (!isAbort(error) && !aborter.signal.aborted && !this.#disposed)
        this.failure.value = failureOf(error);
    } finally {
      if (this.#loading.get(page) === aborter) {
        this.#loading.delete(page);
        const [first, last] = this.#wanted;
        for (let next = first; next <= last && !this.failure.peek() && !this.#disposed; next++)
          this.#want(next);
      }
    }
  }
}
