import type { Figure } from './figure.js';
import { markup } from './markup.js';

/** Figures below one another, their left edges in a line. */
export function stackedFigure(figures: readonly Figure[]): Figure {
  const tops = figures.map((_, i) =>
    figures.slice(0, i).reduce((height, figure) => height + figure.heightPx, 0),
  );
  return {
    widthPx: Math.max(...figures.map(({ widthPx }) => widthPx)),
    heightPx: figures.reduce((height, figure) => height + figure.heightPx, 0),
    alt: figures.map(({ alt }) => alt).join('. '),
    draw: (theme) =>
      markup`${figures.map((figure, i) => markup`<g transform="translate(0 ${tops[i]})">${figure.draw(theme)}</g>`)}`,
  };
}
