import { type Figure, figureMarginPx } from '../figure.js';
import { fitText, textWidthPx } from '../font-metrics.js';
import { drawHeading, type Heading, headingHeightPx } from '../heading.js';
import { markup } from '../markup.js';

export interface Bar {
  readonly label: string;
  readonly value: number;
}

export interface BarChartOptions extends Heading {
  readonly bars: readonly Bar[];
  /** What the values count: `images`. */
  readonly unit: string;
}

const widthPx = 720;
const barPx = 16;
const pitchPx = 24;
const labelStyle = { sizePx: 12 } as const;
const maxLabelPx = 200;

/** Horizontal bars from zero, each with its name and value. */
export function barChart(options: BarChartOptions): Figure {
  const { bars, unit } = options;
  const labels = bars.map(({ label }) => fitText(label, maxLabelPx, labelStyle));
  const values = bars.map(({ value }) => value.toLocaleString('en'));
  const widest = (texts: readonly string[]) =>
    Math.max(0, ...texts.map((text) => textWidthPx(text, labelStyle)));
  const left = figureMarginPx + widest(labels) + 12;
  const room = widthPx - figureMarginPx - widest(values) - 8 - left;
  const largest = Math.max(1, ...bars.map(({ value }) => value));
  const top = figureMarginPx + headingHeightPx(options);
  const heightPx = top + bars.length * pitchPx + figureMarginPx;
  return {
    widthPx,
    heightPx,
    alt: `${options.title ?? `Number of ${unit}`}: ${bars.map(({ label }, i) => `${label} ${values[i]}`).join(', ')}`,
    draw: (theme) =>
      markup`${drawHeading(options, { x: figureMarginPx, y: figureMarginPx, widthPx: widthPx - 2 * figureMarginPx }, theme)}
<path d="M${left} ${top - 2}V${heightPx - figureMarginPx}" stroke="${theme.line}"/>
${bars.map(({ value }, i) => {
  const y = top + i * pitchPx;
  const length = (room * value) / largest;
  return markup`<text x="${left - 10}" y="${y + barPx / 2 + 4}" font-size="${labelStyle.sizePx}" text-anchor="end" fill="${theme.ink}">${labels[i]}</text><rect x="${left}" y="${y}" width="${length}" height="${barPx}" rx="2" fill="${theme.accent}"><title>${`${bars[i].label}: ${values[i]} ${unit}`}</title></rect><text x="${left + length + 8}" y="${y + barPx / 2 + 4}" font-size="${labelStyle.sizePx}" fill="${theme.muted}">${values[i]}</text>`;
})}`,
  };
}
