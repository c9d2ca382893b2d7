import type { Page, ResultList } from './result-list.js';

/** Lists that are kept. */
const mostLists = 4;
/** Numbers that a list may hold to be kept: 16 MB of them. */
const mostNumbers = 2 ** 22;

export interface WantedPage {
  /** Says all that a list depends on but the state. */
  readonly key: string;
  readonly offset: number;
  readonly signal?: AbortSignal | undefined;
  /** Makes the list, where there is none. */
  make(): ResultList;
}

/**
 * The lists that were read last, so that a next page goes on with its list instead of beginning anew: far back, that would take
 * ten times as long. A list is lent to one reader at a time; who asks for the same meanwhile gets one of his own.
 */
export class ResultLists {
  readonly #kept = new Map<string, ResultList>();
  #state = '';

  /** @param state of all that is searched: with another one, no list of before is good any more */
  async page(state: string, { key, offset, signal, make }: WantedPage): Promise<Page> {
    if (state !== this.#state) this.#kept.clear();
    this.#state = state;
    const list = this.#kept.get(key) ?? make();
    this.#kept.delete(key);
    const page = await list.page(offset, signal);
    if (state === this.#state && page.more && list.size <= mostNumbers) this.#keep(key, list);
    return page;
  }

  #keep(key: string, list: ResultList): void {
    this.#kept.delete(key);
    if (this.#kept.size >= mostLists) this.#kept.delete(this.#kept.keys().next().value!);
    this.#kept.set(key, list);
  }
}
