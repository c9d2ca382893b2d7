import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Failure } from '../api.js';
import { type LoadPage, PagedItems } from './items.js';

interface PagedList<T> {
  /** From the first one on, as far as they are loaded. */
  readonly list: readonly T[];
  /** `undefined` until the first answer. */
  readonly total: number | undefined;
  readonly failure: Failure | undefined;
  readonly hasMore: boolean;
  showMore(): void;
  retry(): void;
}

/**
 * A list that a button makes longer, a page at a time.
 *
 * @param version when it changes, what is shown is loaded again
 */
export function usePagedList<T>(load: LoadPage<T>, pageSize: number, version: unknown): PagedList<T> {
  const items = useMemo(() => new PagedItems(load, pageSize), []);
  useEffect(() => () => items.dispose(), []);
  const [wanted, setWanted] = useState(pageSize);
  useEffect(() => items.need(0, wanted), [wanted]);
  const first = useRef(true);
  useEffect(() => {
    if (!first.current) void items.refresh();
    first.current = false;
  }, [version]);
  items.version.value;
  const list: T[] = [];
  for (let item = items.at(0); item !== undefined && list.length < wanted; item = items.at(list.length)) {
    list.push(item);
  }
  const total = items.count.value;
  return {
    list,
    total,
    failure: items.failure.value,
    hasMore: total !== undefined && list.length < total,
    showMore: () => setWanted(wanted + pageSize),
    retry: () => items.retry(),
  };
}
