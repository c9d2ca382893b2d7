import { type ReadonlySignal, type Signal, useComputed, useSignal, useSignalEffect } from '@preact/signals';
import type { ComponentChildren, RefObject } from 'preact';
import { memo } from 'preact/compat';
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { entryState, setEntryState } from '../router.js';
import { fitting } from '../state/preferences.js';
import { selection } from '../state/selection.js';
import { ProblemState } from '../ui/states.js';
import { gridGeometry, type Move, movedIndex, moves } from './geometry.js';
import type { GridItems } from './items.js';
import { useScrolling } from './use-scrolling.js';
import { useScroller, useVirtualRows } from './use-virtual-rows.js';

export interface GridProps<T extends { readonly id: number }> {
  readonly items: GridItems<T>;
  /** What a screen reader calls it. */
  readonly label: string;
  /** Width that tiles should have at least, CSS pixels. */
  readonly tilePx: number;
  /** Room below the picture, CSS pixels. */
  readonly captionPx: number;
  /**
   * What stands in a cell. It must fill it, and needs no focusable parts: keys do what its buttons do.
   * @param passing it only scrolls by: what can be pointed at may be left out
   */
  readonly tile: (item: T, index: number, passing: boolean) => ComponentChildren;
  readonly onOpen: (item: T, index: number) => void;
  /** Keys of a tile besides those that all grids know; says whether it knew the key. */
  readonly onKey?: (key: string, item: T, index: number) => boolean;
  readonly selectable?: boolean;
  /** Of a place in the history under which the grid remembers where it was; must differ on one screen. */
  readonly memory?: string;
  /** Told which tile has the focus. */
  readonly onFocusItem?: (item: T, index: number) => void;
}

const gapPx = 8;

/** What an entry of the history remembers of a grid. */
interface Memory {
  readonly top: number;
  /** The tile that has, or last had, the focus. */
  readonly at: number;
  /** Whether that was opened: who comes back has the focus on it. */
  readonly opened?: boolean;
}

/**
 * Tiles in rows, as many as there are, of which only those in view exist. One of them is in the order of the Tab key;
 * arrows move on from there.
 */
export function Grid<T extends { readonly id: number }>(props: GridProps<T>) {
  const { items, label, tilePx, captionPx, memory } = props;
  const root = useRef<HTMLDivElement>(null);
  const scroller = useScroller(root);
  const [width, setWidth] = useState(0);
  const [offsetPx, setOffsetPx] = useState(0);
  const remembered = useRef(memory ? (entryState()[memory] as Memory | undefined) : undefined);
  const active = useSignal(remembered.current?.at ?? 0);
  const wantsFocus = useRef(false);
  const selecting = useComputed(() => selection.count.value > 0);
  const scrolling = useScrolling(scroller, ({ scrollTop }) => {
    if (memory) setEntryState({ [memory]: { top: scrollTop, at: active.peek() } satisfies Memory });
  });
  // Drawn again when there are others.
  items.version.value;
  const count = items.count.value ?? 0;
  const latest = useRef(props);
  latest.current = props;

  useLayoutEffect(() => {
    const element = root.current!;
    const measure = () => {
      setWidth(element.clientWidth);
      if (scroller) {
        const top =
          element.getBoundingClientRect().top - scroller.getBoundingClientRect().top + scroller.scrollTop;
        setOffsetPx(Math.max(0, Math.round(top)));
      }
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    // What stands above the grid grows and shrinks, and moves it.
    if (element.parentElement)
      for (const sibling of element.parentElement.children) observer.observe(sibling);
    return () => observer.disconnect();
  }, [scroller]);

  const geometry = gridGeometry(width, tilePx, gapPx, captionPx);
  const { columns, rowHeightPx, tileWidthPx } = geometry;
  const rowCount = width === 0 ? 0 : Math.ceil(count / columns);
  const { rows, heightPx, reveal, scrollTo } = useVirtualRows({
    count: rowCount,
    rowHeightPx,
    scroller,
    offsetPx,
  });

  const first = rows[0]?.index ?? 0;
  const last = rows.at(-1)?.index ?? 0;
  useEffect(() => {
    if (rowCount > 0 || items.growing?.peek()) items.need(first * columns, (last + 1) * columns);
  }, [items, first, last, columns, rowCount]);

  // Scrolls back to where this entry of the history was left, as soon as there is something to scroll.
  useLayoutEffect(() => {
    const top = remembered.current?.top;
    if (top === undefined || !scroller || rowCount === 0) return;
    const { at, opened } = remembered.current!;
    remembered.current = undefined;
    scrollTo(top);
    if (!opened) return;
    wantsFocus.current = true;
    giveFocus(root, at, wantsFocus);
  }, [scroller, rowCount]);

  const focusCell = (index: number) => {
    active.value = index;
    wantsFocus.current = true;
    reveal(Math.floor(index / columns));
    giveFocus(root, index, wantsFocus);
  };
  // A tile far away exists only after the scrolling.
  useLayoutEffect(() => {
    if (wantsFocus.current) giveFocus(root, active.peek(), wantsFocus);
  });
  // The list may have become shorter.
  useEffect(() => {
    if (count > 0 && active.peek() >= count) active.value = count - 1;
  }, [count]);

  const open = (item: T, index: number) => {
    active.value = index;
    if (memory && scroller) {
      setEntryState({ [memory]: { top: scroller.scrollTop, at: index, opened: true } satisfies Memory });
    }
    latest.current.onOpen(item, index);
  };

  // One function for good, or every row would be drawn again at each rendering.
  const latestOpen = useRef(open);
  latestOpen.current = open;
  const openTile = useCallback((item: T, index: number) => latestOpen.current(item, index), []);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const { onKey, selectable = true } = latest.current;
    const index = indexOf(event.target);
    if (index === undefined) return;
    const item = items.at(index);
    const move = moves.find((name) => name === event.key);
    let known = true;
    if (move) {
      const rowsOnPage = Math.floor((scroller?.clientHeight ?? 0) / rowHeightPx);
      const to = movedIndex(index, move satisfies Move, count, columns, rowsOnPage);
      if (event.shiftKey && selectable) selectRange(items, selection.anchor ?? index, to);
      focusCell(to);
    } else if (!item) known = false;
    else if (event.target !== event.currentTarget && (event.target as Element).closest('button, a, input')) {
      known = false;
    } else if (event.key === 'Enter') open(item, index);
    else if (selectable && (event.key === 'x' || event.key === ' ')) {
      selection.toggle(item.id);
      selection.anchor = index;
    } else known = onKey?.(event.key, item, index) ?? false;
    if (known) {
      event.preventDefault();
      event.stopPropagation();
    }
  };

  const failure = items.failure.value;
  if (failure && count === 0) return <ProblemState failure={failure} onRetry={() => items.retry()} />;

  return (
    // biome-ignore lint/a11y/useSemanticElements: a table cannot be virtualised; the pattern is that of ARIA's grid.
    <div
      ref={root}
      class={`grid${fitting.value === 'whole' ? ' whole' : ''}${selecting.value ? ' selecting' : ''}`}
      role="grid"
      aria-label={label}
      aria-rowcount={items.growing?.value ? -1 : rowCount}
      aria-colcount={columns}
      aria-multiselectable={props.selectable ?? true}
      aria-busy={items.count.value === undefined}
      style={{ height: `${Math.max(0, heightPx - (rowCount > 0 ? gapPx : 0))}px` }}
      onKeyDown={onKeyDown}
      onFocusIn={(event) => {
        const index = indexOf(event.target);
        if (index === undefined) return;
        active.value = index;
        const item = items.at(index);
        if (item) latest.current.onFocusItem?.(item, index);
      }}
    >
      {rows.map((row) => (
        <Row
          key={row.index}
          index={row.index}
          topPx={row.topPx}
          tileWidthPx={tileWidthPx}
          heightPx={rowHeightPx - gapPx}
          columns={columns}
          shown={shownIn(items, row.index * columns, Math.min(count, (row.index + 1) * columns))}
          scrolling={scrolling}
          items={items as unknown as GridItems<{ readonly id: number }>}
          active={active}
          grid={latest as unknown as RefObject<GridProps<{ readonly id: number }>>}
          open={openTile as (item: { readonly id: number }, index: number) => void}
        />
      ))}
      {failure && (
        <div class="grid-failure">
          <ProblemState failure={failure} onRetry={() => items.retry()} />
        </div>
      )}
    </div>
  );
}

interface RowProps {
  readonly index: number;
  readonly topPx: number;
  readonly tileWidthPx: number;
  readonly heightPx: number;
  readonly columns: number;
  /** Its items; `undefined` for those that are not there yet. */
  readonly shown: readonly ({ readonly id: number } | undefined)[];
  readonly scrolling: ReadonlySignal<boolean>;
  readonly items: GridItems<{ readonly id: number }>;
  readonly active: Signal<number>;
  readonly grid: RefObject<GridProps<{ readonly id: number }>>;
  readonly open: (item: { readonly id: number }, index: number) => void;
}

/** Drawn again only if something about it changed: while scrolling, and as the list grows, rows that stay cost nothing. */
const Row = memo(function Row(props: RowProps) {
  const { index, topPx, tileWidthPx, heightPx, columns, shown, scrolling } = props;
  // Whole as soon as it has come to rest, and from then on.
  const passing = useSignal(scrolling.peek());
  useSignalEffect(() => {
    if (!scrolling.value) passing.value = false;
  });
  const cells = shown.map((item, column) => {
    const at = index * columns + column;
    return <Cell key={at} {...props} index={at} item={item} column={column} passing={passing.value} />;
  });
  return (
    // biome-ignore lint/a11y/useSemanticElements: see the grid.
    // biome-ignore lint/a11y/useFocusableInteractive: its cells have the focus.
    <div
      role="row"
      class="grid-row"
      aria-rowindex={index + 1}
      style={{
        transform: `translateY(${topPx}px)`,
        height: `${heightPx}px`,
        gridTemplateColumns: `repeat(${columns}, ${tileWidthPx}px)`,
      }}
    >
      {cells}
    </div>
  );
}, isSameRow);

function isSameRow({ shown: before, ...rest }: RowProps, { shown: now, ...others }: RowProps): boolean {
  const names = Object.keys(rest) as (keyof typeof rest)[];
  return (
    before.length === now.length &&
    before.every((item, at) => item === now[at]) &&
    names.every((name) => rest[name] === others[name])
  );
}

function shownIn<T>(items: GridItems<T>, from: number, to: number): (T | undefined)[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, at) => items.at(from + at));
}

interface CellProps extends Omit<RowProps, 'index' | 'shown'> {
  readonly index: number;
  readonly column: number;
  readonly passing: boolean;
  readonly item: { readonly id: number } | undefined;
}

function Cell({ index, column, item, passing, active, grid, items, open }: CellProps) {
  const tabIndex = useComputed(() => (active.value === index ? 0 : -1));
  const { tile, selectable = true } = grid.current!;
  if (!item) {
    return (
      // biome-ignore lint/a11y/useSemanticElements: see the grid.
      <div
        role="gridcell"
        class="cell waiting"
        aria-colindex={column + 1}
        data-index={index}
        tabIndex={tabIndex}
      >
        <span class="skeleton picture" />
      </div>
    );
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: see the grid.
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid has the keys.
    <div
      role="gridcell"
      class="cell"
      aria-colindex={column + 1}
      aria-selected={selectable ? selection.has(item.id) : undefined}
      data-index={index}
      data-id={item.id}
      tabIndex={tabIndex}
      onClick={(event) => {
        if ((event.target as Element).closest('button, a, input')) return;
        if (selectable && event.shiftKey) selectRange(items, selection.anchor ?? index, index);
        else if (selectable && (event.metaKey || event.ctrlKey)) {
          selection.toggle(item.id);
          selection.anchor = index;
        } else open(item, index);
      }}
    >
      {tile(item, index, passing)}
    </div>
  );
}

function indexOf(target: EventTarget | null): number | undefined {
  const cell = (target as Element | null)?.closest?.<HTMLElement>('[data-index]');
  return cell ? Number(cell.dataset.index) : undefined;
}

function giveFocus(root: RefObject<HTMLElement | null>, index: number, wants: { current: boolean }): void {
  const cell = root.current?.querySelector<HTMLElement>(`[data-index="${index}"]`);
  if (!cell) return;
  wants.current = false;
  cell.focus({ preventScroll: true });
}

/** Selects what lies between two places, as far as it is loaded. */
export function selectRange(items: GridItems<{ readonly id: number }>, from: number, to: number): void {
  const ids: number[] = [];
  for (let at = Math.min(from, to); at <= Math.max(from, to); at++) {
    const item = items.at(at);
    if (item) ids.push(item.id);
  }
  selection.anchor = from;
  selection.add(ids);
}
