import { fontFamily } from './font-metrics.js';
import { type Markup, markup } from './markup.js';
import { renderSvg } from './render-svg.js';
import { lightTheme, pageTheme, type Theme } from './theme.js';

/** Room left around the content of every figure. */
export const figureMarginPx = 24;

/** Something to look at: drawn once, shown as a PNG file and on a page. */
export interface Figure {
  /** Size of the drawing in CSS pixels. */
  readonly widthPx: number;
  readonly heightPx: number;
  /** What it shows, for those who cannot see it. */
  readonly alt: string;
  /** SVG elements, in a space of `widthPx` × `heightPx`. */
  draw(theme: Theme): Markup;
  /** The same for a page, where flowing HTML serves better than a drawing of fixed width. */
  html?(): Markup;
}

/** The figure as a PNG file on an opaque ground. */
export function renderFigure(figure: Figure, theme: Theme = lightTheme): Uint8Array {
  const { widthPx, heightPx } = figure;
  return renderSvg(
    markup`<svg xmlns="http://www.w3.org/2000/svg" width="${widthPx}" height="${heightPx}" viewBox="0 0 ${widthPx} ${heightPx}" font-family="${fontFamily}">
<rect width="100%" height="100%" fill="${theme.page}"/>
${figure.draw(theme)}
</svg>`.text,
  );
}

/** The figure as a part of an HTML page that declares the theme's variables. */
export function figureHtml(figure: Figure): Markup {
  if (figure.html) return figure.html();
  // The page has margins of its own; a hair of the figure's is kept for strokes that stand out.
  const cropPx = figureMarginPx - 2;
  const widthPx = figure.widthPx - 2 * cropPx;
  const heightPx = figure.heightPx - 2 * cropPx;
  return markup`<div class="scroll"><svg class="drawing" style="--natural:${widthPx}px" role="img" aria-label="${figure.alt}" width="${widthPx}" height="${heightPx}" viewBox="${cropPx} ${cropPx} ${widthPx} ${heightPx}">${figure.draw(pageTheme)}</svg></div>`;
}
