import type { Image } from '../image/image.js';
import { fitText } from './font-metrics.js';
import { type Markup, markup } from './markup.js';
import type { Theme } from './theme.js';
import { type Thumbnail, thumbnail } from './thumbnail.js';

/** An image with what is to be said of it. */
export interface Tile {
  readonly image: Image;
  /** Below it, in ink: most often its class. */
  readonly caption?: string;
  /** Below the caption, muted: most often a score. */
  readonly detail?: string;
  /** A neighbour's border: of the query's class, or of another. */
  readonly verdict?: 'same' | 'other';
  /** Which image it is, shown on hovering. */
  readonly id?: string;
}

/** A tile with its thumbnail made. */
export interface PreparedTile extends Omit<Tile, 'image'> {
  readonly thumbnail: Thumbnail;
  readonly tilePx: number;
}

export async function prepareTile(tile: Tile, tilePx: number): Promise<PreparedTile> {
  const { image, ...said } = tile;
  return { ...said, tilePx, thumbnail: await thumbnail(image, tilePx) };
}

const captionStyle = { sizePx: 11 } as const;
const lineHeightPx = 14;
const cornerPx = 4;
const borderPx = 3;

/** Height of the words below a tile, for the tallest of several. */
export function captionHeightPx(tiles: readonly Pick<Tile, 'caption' | 'detail'>[]): number {
  const lines = Math.max(0, ...tiles.map(({ caption, detail }) => (caption ? 1 : 0) + (detail ? 1 : 0)));
  return lines === 0 ? 0 : lines * lineHeightPx + borderPx + 4;
}

/** Draws the tile with the top left corner of its square at (x, y). */
export function drawTile(tile: PreparedTile, x: number, y: number, theme: Theme): Markup {
  const { tilePx, verdict, caption, detail } = tile;
  const { dataUri, widthPx, heightPx, pixelated } = tile.thumbnail;
  const rendering = pixelated ? 'optimizeSpeed' : 'optimizeQuality';
  const centre = x + tilePx / 2;
  const firstLine = y + tilePx + borderPx + lineHeightPx;
  const line = (words: string, paint: string, baseline: number) =>
    markup`<text x="${centre}" y="${baseline}" font-size="${captionStyle.sizePx}" fill="${paint}" text-anchor="middle">${fitText(words, tilePx + 4, captionStyle)}</text>`;
  return markup`<g><rect x="${x}" y="${y}" width="${tilePx}" height="${tilePx}" rx="${cornerPx}" fill="${theme.panel}"/>
<image x="${x + (tilePx - widthPx) / 2}" y="${y + (tilePx - heightPx) / 2}" width="${widthPx}" height="${heightPx}" image-rendering="${rendering}" href="${dataUri}"/>${
    verdict &&
    markup`<rect x="${x - borderPx / 2}" y="${y - borderPx / 2}" width="${tilePx + borderPx}" height="${tilePx + borderPx}" rx="${cornerPx}" fill="none" stroke="${theme[verdict]}" stroke-width="${borderPx}"/>`
  }${caption && line(caption, theme.ink, firstLine)}${
    detail && line(detail, theme.muted, firstLine + (caption ? lineHeightPx : 0))
  }</g>`;
}

/** The tile for a page. */
export function tileHtml(tile: PreparedTile): Markup {
  const { tilePx, verdict, caption, detail, id } = tile;
  const { dataUri, widthPx, heightPx, pixelated } = tile.thumbnail;
  const alt = [caption, verdict === 'other' && 'another class', id].filter(Boolean).join(', ') || 'image';
  return markup`<figure class="tile${verdict && ` ${verdict}`}" style="--tile:${tilePx}px"${id !== undefined && markup` title="${id}"`}>
<span class="frame"><img src="${dataUri}" width="${widthPx}" height="${heightPx}" alt="${alt}"${pixelated && markup` class="pixelated"`}></span>${
    (caption || detail) &&
    markup`<figcaption>${caption && markup`<b>${caption}</b>`}${detail && markup`<span>${detail}</span>`}</figcaption>`
  }</figure>`;
}
