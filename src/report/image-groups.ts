import { type Figure, figureMarginPx } from './figure.js';
import { fitText } from './font-metrics.js';
import { drawHeading, type Heading, headingHeightPx } from './heading.js';
import { type Markup, markup } from './markup.js';
import type { Theme } from './theme.js';
import { captionHeightPx, drawTile, type PreparedTile, prepareTile, type Tile, tileHtml } from './tile.js';
import { headingHtml } from './tile-rows.js';

/** Images that belong together, and what joins them. */
export interface ImageGroup {
  readonly note: string;
  readonly tiles: readonly Tile[];
}

export interface ImageGroupsOptions extends Heading {
  readonly tilePx?: number;
  /** What the figure shows, for those who cannot see it. */
  readonly alt: string;
}

const tileGapPx = 8;
const groupGapPx = 28;
const noteHeightPx = 22;
const noteStyle = { sizePx: 12, weight: 'semibold' } as const;
/** What groups beside one another may take together. */
const contentPx = 920;

interface Placed {
  readonly note: string;
  readonly tiles: readonly PreparedTile[];
  readonly x: number;
  readonly y: number;
}

/** Groups of any number of images side by side, in as many lines as they need: what duplicates are shown with. */
export async function imageGroups(
  groups: readonly ImageGroup[],
  { tilePx = 96, alt, ...heading }: ImageGroupsOptions,
): Promise<Figure> {
  const most = Math.floor((contentPx + tileGapPx) / (tilePx + tileGapPx));
  const placed: Placed[] = [];
  let [x, y, lineHeight] = [0, figureMarginPx + headingHeightPx(heading), 0];
  for (const { note, tiles } of groups) {
    const prepared = await Promise.all(tiles.slice(0, most).map((tile) => prepareTile(tile, tilePx)));
    const widthPx = groupWidthPx(prepared.length, tilePx);
    if (x > 0 && x + widthPx > contentPx) {
      x = 0;
      y += lineHeight + groupGapPx;
      lineHeight = 0;
    }
    placed.push({ note, tiles: prepared, x: figureMarginPx + x, y });
    lineHeight = Math.max(lineHeight, noteHeightPx + tilePx + captionHeightPx(prepared));
    x += widthPx + groupGapPx;
  }
  const draw = ({ note, tiles, x: left, y: top }: Placed, theme: Theme): Markup =>
    markup`<text x="${left}" y="${top + 12}" font-size="${noteStyle.sizePx}" font-weight="600" fill="${theme.ink}">${fitText(note, groupWidthPx(tiles.length, tilePx), noteStyle)}</text>${tiles.map(
      (tile, i) => drawTile(tile, left + i * (tilePx + tileGapPx), top + noteHeightPx, theme),
    )}`;
  return {
    widthPx: contentPx + 2 * figureMarginPx,
    heightPx: y + lineHeight + figureMarginPx,
    alt,
    draw: (theme) =>
      markup`${drawHeading(heading, { x: figureMarginPx, y: figureMarginPx, widthPx: contentPx }, theme)}${placed.map((group) => draw(group, theme))}`,
    html: () =>
      markup`<div role="group" aria-label="${alt}">${headingHtml(heading)}<div class="pairs">${placed.map(
        ({ note, tiles }) =>
          markup`<div class="pair"><p>${note}</p><div class="tiles wraps">${tiles.map(tileHtml)}</div></div>`,
      )}</div></div>`,
  };
}

function groupWidthPx(tiles: number, tilePx: number): number {
  // A note wants room above a single tile as well.
  return Math.max(tiles, 2) * (tilePx + tileGapPx) - tileGapPx;
}
