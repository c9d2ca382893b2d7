import type { Image } from '../image/image.js';
import { wrapText } from './font-metrics.js';
import { type Markup, markup } from './markup.js';
import type { Theme } from './theme.js';
import { type Thumbnail, thumbnail } from './thumbnail.js';

/** Of the query's class, or of another. */
export type Verdict = 'same' | 'other';

/** An image with what is to be said of it. */
export interface Tile {
  readonly image: Image;
  /** Below it, in ink: most often its class. */
  readonly caption?: string;
  /** Below the caption, muted: most often a score. */
  readonly detail?: string;
  /** The border of a neighbour. */
  readonly verdict?: Verdict;
  /** Which image it is, shown on hovering. */
  readonly id?: string;
}

/** A tile with its thumbnail made and its words broken into lines. */
export interface PreparedTile extends Omit<Tile, 'image'> {
  readonly thumbnail: Thumbnail;
  readonly tilePx: number;
  readonly captionLines: readonly string[];
  readonly detailLines: readonly string[];
}

const captionStyle = { sizePx: 11 } as const;
const lineHeightPx = 14;
const cornerPx = 4;
/** Words may stand out a little on both sides. */
const captionOverhangPx = 4;
/** Right neighbours stand out; wrong ones are only marked. */
const borderPx = { same: 3, other: 2 } as const;

export async function prepareTile(tile: Tile, tilePx: number): Promise<PreparedTile> {
  const { image, ...said } = tile;
  const lines = (words: string | undefined, most: number) =>
    words ? wrapText(words, tilePx + captionOverhangPx, most, captionStyle) : [];
  return {
    ...said,
    tilePx,
    thumbnail: await thumbnail(image, tilePx),
    captionLines: lines(tile.caption, 2),
    detailLines: lines(tile.detail, 1),
  };
}

/** Height of the words below the tiles, of the tallest. */
export function captionHeightPx(tiles: readonly PreparedTile[]): number {
  const lines = Math.max(0, ...tiles.map((tile) => tile.captionLines.length + tile.detailLines.length));
  return lines === 0 ? 0 : lines * lineHeightPx + borderPx.same + 4;
}

/** Draws the tile with the top left corner of its square at (x, y). */
export function drawTile(tile: PreparedTile, x: number, y: number, theme: Theme): Markup {
  const { tilePx, captionLines, detailLines } = tile;
  const { dataUri, widthPx, heightPx, pixelated } = tile.thumbnail;
  const rendering = pixelated ? 'optimizeSpeed' : 'optimizeQuality';
  const line = (words: string, i: number, paint: string) =>
    markup`<text x="${x + tilePx / 2}" y="${y + tilePx + borderPx.same + (i + 1) * lineHeightPx}" font-size="${captionStyle.sizePx}" fill="${paint}" text-anchor="middle">${words}</text>`;
  return markup`<g><rect x="${x}" y="${y}" width="${tilePx}" height="${tilePx}" rx="${cornerPx}" fill="${theme.panel}"/>
<image x="${x + (tilePx - widthPx) / 2}" y="${y + (tilePx - heightPx) / 2}" width="${widthPx}" height="${heightPx}" image-rendering="${rendering}" href="${dataUri}"/>
${drawBorder(tile, x, y, theme)}${captionLines.map((words, i) => line(words, i, theme.ink))}${detailLines.map((words, i) => line(words, captionLines.length + i, theme.muted))}</g>`;
}

/** A border of the verdict, or the hairline that shows where a white picture ends. */
function drawBorder({ tilePx, verdict }: PreparedTile, x: number, y: number, theme: Theme): Markup {
  const border = verdict ? borderPx[verdict] : 1;
  return markup`<rect x="${x - border / 2}" y="${y - border / 2}" width="${tilePx + border}" height="${tilePx + border}" rx="${cornerPx}" fill="none" stroke="${verdict ? theme[verdict] : theme.line}" stroke-width="${border}"/>`;
}

/** The tile for a page. */
export function tileHtml(tile: PreparedTile): Markup {
  const { tilePx, verdict, caption, detail, id } = tile;
  const { dataUri, widthPx, heightPx, pixelated } = tile.thumbnail;
  const said = [caption, id].filter(Boolean).join(', ');
  const alt = [said || 'image', verdict === 'other' && 'another class'].filter(Boolean).join(', ');
  return markup`<figure class="tile${verdict && ` ${verdict}`}" style="--tile:${tilePx}px"${said && markup` title="${said}"`}>
<span class="frame"><img src="${dataUri}" width="${widthPx}" height="${heightPx}" alt="${alt}"${pixelated && markup` class="pixelated"`}></span>${
    (caption || detail) &&
    markup`<figcaption>${caption && markup`<b>${caption}</b>`}${detail && markup`<span>${detail}</span>`}</figcaption>`
  }</figure>`;
}
