import type { Figure } from './figure.js';
import type { Heading } from './heading.js';
import type { Tile } from './tile.js';
import { tileRows } from './tile-rows.js';

export interface ContactSheetOptions extends Heading {
  /** Set apart at the left: the image the others were found for. */
  readonly query?: Tile;
  readonly columns?: number;
  readonly tilePx?: number;
}

/** A grid of captioned images: a look into a data set, or the results of a search. */
export function contactSheet(tiles: readonly Tile[], options: ContactSheetOptions = {}): Promise<Figure> {
  const { title, subtitle, query, columns = 5 } = options;
  const all = query ? [query, ...tiles] : tiles;
  const captions = tiles.map(({ caption }) => caption).filter(Boolean);
  return tileRows({
    title,
    subtitle,
    rows: [{ lead: query, tiles }],
    columns,
    tilePx: options.tilePx ?? tilePxFor(all),
    flows: true,
    alt: `${tiles.length} images${captions.length > 0 ? `: ${captions.join(', ')}` : ''}`,
  });
}

/** Small pictures need no large tile: 96 px shows 32×32 at three times its size. */
export function tilePxFor(tiles: readonly Tile[]): number {
  const longest = Math.max(1, ...tiles.map(({ image }) => Math.max(image.width, image.height)));
  return longest <= 64 ? 96 : 144;
}
