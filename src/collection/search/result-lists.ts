import type { Catalog } from '../catalog/catalog.js';
import { UntilWritten } from '../catalog/until-written.js';
import type { Page, ResultList } from './result-list.js';

/** Lists that are kept. */
const mostLists = 4;
/** Numbers that a list may hold to be kept: 16 MB of them. */
const mostNumbers = 2 ** 22;

export interface WantedPage {
  /** Of the catalog, before anything was read that `make` uses. */
  readonly state: string;
  /** Says all that a list depends on but the catalog. */
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
  readonly #kept: UntilWritten<ResultList>;

  constructor(private readonly catalog: Pick<Catalog, 'state'>) {
    this.#kept = new UntilWritten(catalog, mostLists);
  }

  async page({ state, key, offset, signal, make }: WantedPage): Promise<Page> {
    const list = this.#kept.take(key) ?? make();
    const page = await list.page(offset, signal);
    const isCurrent = this.catalog.state() === state;
    if (isCurrent && page.more && list.size <= mostNumbers) this.#kept.set(key, list);
    return page;
  }
}
