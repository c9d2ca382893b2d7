import { type Figure, figureMarginPx } from './figure.js';
import { fitText } from './font-metrics.js';
import { drawHeading, type Heading, headingHeightPx } from './heading.js';
import { type Markup, markup } from './markup.js';
import type { Theme } from './theme.js';
import { captionHeightPx, drawTile, type PreparedTile, prepareTile, type Tile, tileHtml } from './tile.js';
import { headingHtml } from './tile-rows.js';

/** Two images of different classes that lie near each other. */
export interface LookAlike {
  readonly tiles: readonly [Tile, Tile];
  /** How often the two classes are confused: `12 % of neighbours`. */
  readonly note: string;
}

export interface ConfusedPairsOptions extends Heading {
  readonly columns?: number;
  readonly tilePx?: number;
}

const innerGapPx = 8;
const cardGapPx = 28;
const noteStyle = { sizePx: 12, weight: 'semibold' } as const;
const noteHeightPx = 22;

interface Card {
  readonly tiles: readonly PreparedTile[];
  readonly note: string;
}

/** Which classes are taken for one another, shown by pairs of their images: readable for any number of classes. */
export async function confusedPairs(
  pairs: readonly LookAlike[],
  { columns = 4, tilePx = 64, ...heading }: ConfusedPairsOptions = {},
): Promise<Figure> {
  const cards: Card[] = await Promise.all(
    pairs.map(async ({ tiles, note }) => ({
      tiles: await Promise.all(tiles.map((tile) => prepareTile(tile, tilePx))),
      note,
    })),
  );
  const cardPx = 2 * tilePx + innerGapPx;
  const cardHeightPx = noteHeightPx + tilePx + captionHeightPx(cards.flatMap((card) => card.tiles));
  const top = figureMarginPx + headingHeightPx(heading);
  const usedColumns = Math.max(1, Math.min(columns, cards.length));
  const contentPx = Math.max(360, usedColumns * (cardPx + cardGapPx) - cardGapPx);
  const lines = Math.ceil(cards.length / columns);
  const drawCard = ({ tiles, note }: Card, i: number, theme: Theme): Markup => {
    const x = figureMarginPx + (i % columns) * (cardPx + cardGapPx);
    const y = top + Math.floor(i / columns) * (cardHeightPx + cardGapPx);
    return markup`<text x="${x}" y="${y + 12}" font-size="${noteStyle.sizePx}" font-weight="600" fill="${theme.ink}">${fitText(note, cardPx, noteStyle)}</text>${tiles.map(
      (tile, side) => drawTile(tile, x + side * (tilePx + innerGapPx), y + noteHeightPx, theme),
    )}`;
  };
  const names = cards.map(({ tiles: [a, b] }) => `${a.caption} and ${b.caption}`);
  const alt = `Classes confused most: ${names.join('; ')}`;
  return {
    widthPx: contentPx + 2 * figureMarginPx,
    heightPx: top + lines * (cardHeightPx + cardGapPx) - cardGapPx + figureMarginPx,
    alt,
    draw: (theme) =>
      markup`${drawHeading(heading, { x: figureMarginPx, y: figureMarginPx, widthPx: contentPx }, theme)}${cards.map((card, i) => drawCard(card, i, theme))}`,
    html: () =>
      markup`<div role="group" aria-label="${alt}">${headingHtml(heading)}<div class="pairs">${cards.map(
        ({ tiles, note }) =>
          markup`<div class="pair"><p>${note}</p><div class="tiles">${tiles.map(tileHtml)}</div></div>`,
      )}</div></div>`,
  };
}
