import { type Figure, figureMarginPx } from './figure.js';
import { fitText, textWidthPx } from './font-metrics.js';
import { drawHeading, type Heading, headingHeightPx } from './heading.js';
import { type Markup, markup } from './markup.js';
import type { Theme } from './theme.js';
import { captionHeightPx, drawTile, type PreparedTile, prepareTile, type Tile, tileHtml } from './tile.js';

/** A row of tiles; wraps where it is longer than the figure is wide. */
export interface TileRow {
  /** Written before the row: `anchors`. */
  readonly label?: string;
  /** Set apart at the left: the query. */
  readonly lead?: Tile;
  readonly tiles: readonly Tile[];
  /** Begins a new group, with more room above it. */
  readonly opensGroup?: boolean;
}

export interface TileRowsOptions extends Heading {
  readonly rows: readonly TileRow[];
  /** Tiles beside one another before a row wraps. */
  readonly columns: number;
  /** Side of a tile in CSS pixels. */
  readonly tilePx: number;
  /** On a page: rows wrap to the width of the window; else they keep their columns and scroll sideways. */
  readonly flows: boolean;
  readonly alt: string;
}

const gapPx = 10;
const leadGapPx = 22;
const groupGapPx = 18;
const labelStyle = { sizePx: 12 } as const;

interface PreparedRow extends Pick<TileRow, 'label' | 'opensGroup'> {
  readonly lead?: PreparedTile;
  readonly tiles: readonly PreparedTile[];
}

/** Rows of captioned images: what contact sheets and collages are made of. */
export async function tileRows(options: TileRowsOptions): Promise<Figure> {
  const { columns, tilePx, alt, flows } = options;
  const rows: PreparedRow[] = [];
  for (const { lead, tiles, ...row } of options.rows)
    rows.push({
      ...row,
      lead: lead && (await prepareTile(lead, tilePx)),
      tiles: await Promise.all(tiles.map((tile) => prepareTile(tile, tilePx))),
    });

  const labelWidth = Math.max(0, ...rows.map(({ label }) => (label ? textWidthPx(label, labelStyle) : 0)));
  const labelPx = labelWidth > 0 ? Math.min(140, labelWidth) + 14 : 0;
  const leadPx = rows.some(({ lead }) => lead) ? tilePx + leadGapPx : 0;
  const usedColumns = Math.max(1, Math.min(columns, Math.max(0, ...rows.map(({ tiles }) => tiles.length))));
  const gridPx = labelPx + leadPx + usedColumns * (tilePx + gapPx) - gapPx;
  // A heading wider than a grid of one or two tiles still wants to be read.
  const contentPx = Math.max(gridPx, options.title || options.subtitle ? 360 : 0);

  const placed: { row: PreparedRow; tops: number[] }[] = [];
  let y = figureMarginPx + headingHeightPx(options);
  rows.forEach((row, index) => {
    if (index > 0 && row.opensGroup) y += groupGapPx;
    const lineCount = Math.max(1, Math.ceil(row.tiles.length / columns));
    const all = row.lead ? [row.lead, ...row.tiles] : row.tiles;
    const height = tilePx + captionHeightPx(all) + gapPx;
    placed.push({ row, tops: Array.from({ length: lineCount }, (_, line) => y + line * height) });
    y += lineCount * height;
  });

  const drawRow = ({ row, tops }: (typeof placed)[number], theme: Theme) =>
    markup`${
      row.label &&
      markup`<text x="${figureMarginPx}" y="${tops[0] + tilePx / 2 + 4}" font-size="${labelStyle.sizePx}" fill="${theme.muted}">${fitText(row.label, labelPx, labelStyle)}</text>`
    }${row.lead && drawTile(row.lead, figureMarginPx + labelPx, tops[0], theme)}${row.tiles.map((tile, i) =>
      drawTile(
        tile,
        figureMarginPx + labelPx + leadPx + (i % columns) * (tilePx + gapPx),
        tops[Math.floor(i / columns)],
        theme,
      ),
    )}`;

  return {
    widthPx: Math.ceil(contentPx + 2 * figureMarginPx),
    heightPx: Math.ceil(y - gapPx + figureMarginPx),
    alt,
    draw: (theme) =>
      markup`${drawHeading(options, { x: figureMarginPx, y: figureMarginPx, widthPx: contentPx }, theme)}${placed.map((row) => drawRow(row, theme))}`,
    html: () => rowsHtml(options, rows, alt, flows),
  };
}

function rowsHtml(heading: Heading, rows: readonly PreparedRow[], alt: string, flows: boolean): Markup {
  return markup`<div class="tile-rows${flows && ' flows'}" role="group" aria-label="${alt}">${headingHtml(heading)}<div class="scroll">${rows.map(
    (row) =>
      markup`<div class="tile-row${row.opensGroup && ' opens-group'}">${row.label && markup`<span class="row-label">${row.label}</span>`}${row.lead && markup`<div class="lead-tile">${tileHtml(row.lead)}</div>`}<div class="tiles">${row.tiles.map(tileHtml)}</div></div>`,
  )}</div></div>`;
}

export function headingHtml({ title, subtitle }: Heading): Markup {
  return markup`${title && markup`<p class="figure-title">${title}</p>`}${subtitle && markup`<p class="figure-subtitle">${subtitle}</p>`}`;
}
