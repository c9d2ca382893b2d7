/** Rows of one height in something that scrolls, and how far it is scrolled. CSS pixels. */
export interface RowsPlace {
  readonly count: number;
  readonly rowHeightPx: number;
  /** Where in the scroller the rows begin. */
  readonly offsetPx: number;
  readonly viewPx: number;
  readonly scrollTopPx: number;
}

export interface VisibleRows {
  /** Of the element that holds the rows. */
  readonly heightPx: number;
  readonly first: number;
  /** Behind the last one. */
  readonly end: number;
  /** Is added to where a row would stand. */
  readonly shiftPx: number;
}

/** Browsers cut elements off that are higher: Firefox at 17.8 million pixels, Chromium at 33.5 million. */
export const mostHeightPx = 15_000_000;
const overscanRows = 3;

/**
 * Which rows are in view, and where they stand. Rows that would be higher together than elements can be share the
 * height that there is: each pixel of scrolling then leads over several, so that the last row is at the end all the same.
 */
export function visibleRows(place: RowsPlace): VisibleRows {
  const { count, rowHeightPx, offsetPx, viewPx, scrollTopPx } = place;
  const top = scrollTopPx * stretch(place);
  const row = (px: number) => (rowHeightPx > 0 ? (px - offsetPx) / rowHeightPx : 0);
  const first = Math.min(count, Math.max(0, Math.floor(row(top)) - overscanRows));
  const end = Math.max(first, Math.min(count, Math.ceil(row(top + viewPx)) + overscanRows));
  return { heightPx: heightOf(place), first, end, shiftPx: scrollTopPx - top };
}

/** How far to scroll so that a row is seen whole: no farther than needed, and not at all where it is. */
export function scrollTopFor(index: number, place: RowsPlace): number {
  const { rowHeightPx, offsetPx, viewPx, scrollTopPx } = place;
  const times = stretch(place);
  const top = offsetPx + index * rowHeightPx;
  const now = scrollTopPx * times;
  if (top < now) return top / times;
  return top + rowHeightPx > now + viewPx ? (top + rowHeightPx - viewPx) / times : scrollTopPx;
}

function heightOf({ count, rowHeightPx }: RowsPlace): number {
  return Math.min(count * rowHeightPx, mostHeightPx);
}

/** How many pixels of rows one pixel of scrolling leads over. */
function stretch(place: RowsPlace): number {
  const whole = place.count * place.rowHeightPx;
  const height = heightOf(place);
  const around = place.offsetPx - place.viewPx;
  return whole <= height ? 1 : (whole + around) / (height + around);
}
