import type { RefObject } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { type RowsPlace, scrollTopFor, visibleRows } from './visible-rows.js';

interface VirtualRow {
  readonly index: number;
  /** In the element that holds the rows. */
  readonly topPx: number;
}

interface VirtualRows {
  readonly rows: readonly VirtualRow[];
  /** Of the element that holds the rows. */
  readonly heightPx: number;
  /** Scrolls so that a row is seen. */
  reveal(index: number): void;
  scrollTo(topPx: number): void;
}

interface Options extends Omit<RowsPlace, 'viewPx' | 'scrollTopPx'> {
  readonly scroller: HTMLElement | null;
}

/** The rows that are in view, and a few beyond. */
export function useVirtualRows({ scroller, ...rows }: Options): VirtualRows {
  const [view, setView] = useState({ scrollTopPx: 0, viewPx: 0 });
  const latest = useRef(rows);
  latest.current = rows;

  const look = (element: HTMLElement) => {
    const now = { scrollTopPx: element.scrollTop, viewPx: element.clientHeight };
    setView((before) =>
      looksAlike({ ...latest.current, ...before }, { ...latest.current, ...now }) ? before : now,
    );
  };
  useLayoutEffect(() => {
    if (!scroller) return;
    const lookAgain = () => look(scroller);
    lookAgain();
    const observer = new ResizeObserver(lookAgain);
    observer.observe(scroller);
    scroller.addEventListener('scroll', lookAgain, { passive: true });
    return () => {
      observer.disconnect();
      scroller.removeEventListener('scroll', lookAgain);
    };
  }, [scroller]);

  const scrollTo = (topPx: number) => {
    if (!scroller) return;
    scroller.scrollTop = topPx;
    // The browser tells of it only after the next painting.
    look(scroller);
  };
  const { heightPx, first, end, shiftPx } = visibleRows({ ...rows, ...view });
  return {
    rows: Array.from({ length: end - first }, (_, at) => ({
      index: first + at,
      topPx: (first + at) * rows.rowHeightPx + shiftPx,
    })),
    heightPx,
    reveal(index) {
      if (!scroller) return;
      const place = { ...latest.current, scrollTopPx: scroller.scrollTop, viewPx: scroller.clientHeight };
      const to = scrollTopFor(index, place);
      if (to !== place.scrollTopPx) scrollTo(to);
    },
    scrollTo,
  };
}

/** Whether the same rows are seen, at the same places in their element. */
function looksAlike(before: RowsPlace, now: RowsPlace): boolean {
  const [a, b] = [visibleRows(before), visibleRows(now)];
  return a.first === b.first && a.end === b.end && a.shiftPx === b.shiftPx;
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
