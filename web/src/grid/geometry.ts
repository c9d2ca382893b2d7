/** How tiles stand in a grid of a certain width. */
export interface GridGeometry {
  readonly columns: number;
  readonly tileWidthPx: number;
  readonly rowHeightPx: number;
}

/**
 * As many columns as fit tiles of at least the wanted width, which then share the rest. At least two where there is
 * any room, so that things can be compared on a telephone.
 */
export function gridGeometry(
  widthPx: number,
  wantedTilePx: number,
  gapPx: number,
  captionPx: number,
): GridGeometry {
  const columns = Math.max(widthPx >= 240 ? 2 : 1, Math.floor((widthPx + gapPx) / (wantedTilePx + gapPx)));
  const tileWidthPx = Math.max(1, (widthPx - gapPx * (columns - 1)) / columns);
  return { columns, tileWidthPx, rowHeightPx: tileWidthPx + captionPx + gapPx };
}

export const moves = [
  'ArrowLeft',
  'ArrowRight',
  'ArrowUp',
  'ArrowDown',
  'Home',
  'End',
  'PageUp',
  'PageDown',
] as const;
export type Move = (typeof moves)[number];

/** Where a key leads from a tile; the same tile where there is nothing further. */
export function movedIndex(
  from: number,
  move: Move,
  count: number,
  columns: number,
  rowsOnPage: number,
): number {
  const last = count - 1;
  const inColumn = (rows: number): number => {
    const to = from + rows * columns;
    if (to < 0) return rows === -1 ? from : from % columns;
    if (to <= last) return to;
    // Below stands a row that is shorter: its last tile is nearest. On the last row there is nothing below.
    return Math.floor(from / columns) === Math.floor(last / columns) ? from : last;
  };
  switch (move) {
    case 'ArrowLeft':
      return Math.max(0, from - 1);
    case 'ArrowRight':
      return Math.min(last, from + 1);
    case 'ArrowUp':
      return inColumn(-1);
    case 'ArrowDown':
      return inColumn(1);
    case 'Home':
      return 0;
    case 'End':
      return last;
    case 'PageUp':
      return inColumn(-Math.max(1, rowsOnPage));
    case 'PageDown':
      return inColumn(Math.max(1, rowsOnPage));
  }
}
