import {
  elementScroll,
  observeElementOffset,
  observeElementRect,
  type VirtualItem,
  Virtualizer,
} from '@tanstack/virtual-core';
import type { RefObject } from 'preact';
import { useLayoutEffect, useMemo, useState } from 'preact/hooks';

interface VirtualRows {
  readonly rows: readonly VirtualItem[];
  readonly totalPx: number;
  readonly virtualizer: Virtualizer<HTMLElement, Element>;
}

interface Options {
  readonly count: number;
  readonly rowHeightPx: number;
  readonly scroller: HTMLElement | null;
  /** Where in the scroller the rows begin. */
  readonly offsetPx: number;
  readonly initialOffsetPx: number;
}

const overscanRows = 3;

/** The rows that are in view, and a few beyond. */
export function useVirtualRows({
  count,
  rowHeightPx,
  scroller,
  offsetPx,
  initialOffsetPx,
}: Options): VirtualRows {
  const [, setRound] = useState(0);
  const options = {
    count,
    getScrollElement: () => scroller,
    estimateSize: () => rowHeightPx,
    overscan: overscanRows,
    scrollMargin: offsetPx,
    initialOffset: initialOffsetPx,
    scrollToFn: elementScroll,
    observeElementRect,
    observeElementOffset,
    onChange: () => setRound((round) => round + 1),
  } as const;
  const virtualizer = useMemo(() => new Virtualizer<HTMLElement, Element>(options), []);
  virtualizer.setOptions(options);
  useLayoutEffect(() => virtualizer._didMount(), []);
  useLayoutEffect(() => virtualizer._willUpdate());
  useLayoutEffect(() => virtualizer.measure(), [rowHeightPx, offsetPx]);
  return { rows: virtualizer.getVirtualItems(), totalPx: virtualizer.getTotalSize(), virtualizer };
}

/** The nearest ancestor that scrolls. */
export function useScroller(ref: RefObject<HTMLElement | null>): HTMLElement | null {
  const [scroller, setScroller] = useState<HTMLElement | null>(null);
  useLayoutEffect(() => {
    let element = ref.current?.parentElement ?? null;
    while (element && !/auto|scroll/.test(getComputedStyle(element).overflowY))
      element = element.parentElement;
    setScroller(element ?? document.documentElement);
  }, []);
  return scroller;
}
