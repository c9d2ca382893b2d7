import { fitText } from './font-metrics.js';
import { type Markup, markup } from './markup.js';
import type { Theme } from './theme.js';

/** The words above a picture. */
export interface Heading {
  readonly title?: string;
  /** What is seen and how to read it, in one line. */
  readonly subtitle?: string;
}

const titleStyle = { sizePx: 16, weight: 'semibold' } as const;
const subtitleStyle = { sizePx: 12 } as const;

/** Height of the heading with the space below it; 0 where there are no words. */
export function headingHeightPx({ title, subtitle }: Heading): number {
  return (title ? 22 : 0) + (subtitle ? 18 : 0) + (title || subtitle ? 12 : 0);
}

/** Draws the heading with its top left corner at (x, y), no wider than `widthPx`. */
export function drawHeading(
  { title, subtitle }: Heading,
  { x, y, widthPx }: { x: number; y: number; widthPx: number },
  theme: Theme,
): Markup {
  return markup`${
    title &&
    markup`<text x="${x}" y="${y + 16}" font-size="${titleStyle.sizePx}" font-weight="600" fill="${theme.ink}">${fitText(title, widthPx, titleStyle)}</text>`
  }${
    subtitle &&
    markup`<text x="${x}" y="${y + (title ? 22 : 0) + 13}" font-size="${subtitleStyle.sizePx}" fill="${theme.muted}">${fitText(subtitle, widthPx, subtitleStyle)}</text>`
  }`;
}
