import { type Figure, figureMarginPx } from '../figure.js';
import { fitText, textWidthPx } from '../font-metrics.js';
import { drawHeading, type Heading, headingHeightPx } from '../heading.js';
import { type Markup, markup } from '../markup.js';
import type { Theme } from '../theme.js';

export interface ConfusionHeatMapOptions extends Heading {
  readonly classNames: readonly string[];
  /** [query class][neighbour class]: neighbours counted. */
  readonly rows: readonly (readonly number[])[];
}

/** Past this many classes neither cells nor names can be read; show the most confused pairs instead. */
export const mostHeatMapClasses = 40;

const gapPx = 2;
const maxLabelPx = 130;
const labelStyle = { sizePx: 11 } as const;
const legendWidthPx = 160;

/**
 * A confusion matrix: row = class of the query, column = class of its neighbours, each cell the share of the row's
 * neighbours, in per cent. The diagonal is blue, confusion orange, both on one scale.
 */
export function confusionHeatMap({ classNames, rows, ...words }: ConfusionHeatMapOptions): Figure {
  const heading = {
    title: 'Confusion matrix',
    subtitle: 'Row: class of the query. Column: class of its neighbours. Per cent of the row.',
    ...words,
  };
  const count = classNames.length;
  const cellPx = Math.max(16, Math.min(58, Math.floor(600 / count)));
  const labels = classNames.map((name) => fitText(name, maxLabelPx, labelStyle));
  const widest = Math.max(...labels.map((label) => textWidthPx(label, labelStyle)));
  const flat = widest <= cellPx - 2;
  const left = figureMarginPx + widest + 10;
  const top = figureMarginPx + headingHeightPx(heading) + (flat ? 20 : widest * 0.71 + 16);
  const gridPx = count * cellPx;
  const overhang = flat ? 0 : Math.max(0, textWidthPx(labels[count - 1], labelStyle) * 0.71 - cellPx / 2 + 4);
  const widthPx = Math.ceil(Math.max(left + gridPx + Math.max(figureMarginPx, overhang + 8), 520));

  const shares = rows.map((row) => {
    const total = row.reduce((sum, value) => sum + value, 0);
    return row.map((value) => (total === 0 ? 0 : value / total));
  });
  const largest = Math.max(0.1, Math.ceil(Math.max(...shares.flat()) * 10) / 10);
  const cell = (row: number, column: number, theme: Theme): Markup => {
    const share = shares[row][column];
    const fill = row === column ? theme.accent : theme.second;
    const x = left + column * cellPx;
    const y = top + row * cellPx;
    const size = cellPx - gapPx;
    const percent = Math.round(share * 100);
    const opacity = share / largest;
    return markup`<g><title>${`${classNames[row]} → ${classNames[column]}: ${(share * 100).toFixed(1)} %`}</title><rect x="${x}" y="${y}" width="${size}" height="${size}" rx="2" fill="${theme.panel}"/>${
      share > 0 &&
      markup`<rect x="${x}" y="${y}" width="${size}" height="${size}" rx="2" fill="${fill}" fill-opacity="${opacity}"/>`
    }${
      cellPx >= 26 &&
      percent > 0 &&
      markup`<text x="${x + size / 2}" y="${y + size / 2 + 4}" font-size="${cellPx >= 40 ? 12 : 10}" text-anchor="middle" fill="${opacity > 0.6 ? theme.onAccent : theme.ink}">${String(percent)}</text>`
    }</g>`;
  };
  const order = Array.from({ length: count }, (_, c) => c);
  const confused = order
    .flatMap((a) => order.filter((b) => b !== a).map((b) => ({ a, b, share: shares[a][b] })))
    .sort((p, q) => q.share - p.share)[0];
  const own = order.map((c) => `${classNames[c]} ${Math.round(shares[c][c] * 100)} %`);
  const worst = confused
    ? `; most often confused: ${classNames[confused.a]} with ${classNames[confused.b]}, ${Math.round(confused.share * 100)} %`
    : '';

  return {
    widthPx,
    heightPx: Math.ceil(top + gridPx + 54 + figureMarginPx),
    alt: `Confusion matrix, neighbours of the query's own class: ${own.join(', ')}${worst}`,
    draw: (
      theme,
    ) => markup`${drawHeading(heading, { x: figureMarginPx, y: figureMarginPx, widthPx: widthPx - 2 * figureMarginPx }, theme)}
${order.map((c) => {
  const x = left + c * cellPx + (cellPx - gapPx) / 2;
  const placed = flat
    ? markup`x="${x}" y="${top - 8}" text-anchor="middle"`
    : markup`transform="translate(${x + 3} ${top - 8}) rotate(-45)"`;
  return markup`<text ${placed} font-size="${labelStyle.sizePx}" fill="${theme.muted}">${labels[c]}</text><text x="${left - 10}" y="${top + c * cellPx + (cellPx - gapPx) / 2 + 4}" font-size="${labelStyle.sizePx}" text-anchor="end" fill="${theme.ink}">${labels[c]}</text>`;
})}
${order.map((row) => order.map((column) => cell(row, column, theme)))}
${drawLegend(left, top + gridPx + 18, largest, theme)}`,
  };
}

function drawLegend(x: number, y: number, largest: number, theme: Theme): Markup {
  const steps = 10;
  const stepPx = legendWidthPx / steps;
  const ramp = (paint: string, top: number) =>
    Array.from(
      { length: steps },
      (_, i) =>
        markup`<rect x="${x + i * stepPx}" y="${top}" width="${stepPx}" height="7" fill="${paint}" fill-opacity="${(i + 1) / steps}"/>`,
    );
  const words = (at: number, text: string, baseline: number, anchor = 'start') =>
    markup`<text x="${at}" y="${baseline}" font-size="${labelStyle.sizePx}" text-anchor="${anchor}" fill="${theme.muted}">${text}</text>`;
  return markup`${ramp(theme.accent, y)}${ramp(theme.second, y + 9)}${words(x + legendWidthPx + 10, 'own class', y + 7)}${words(x + legendWidthPx + 10, 'another class', y + 19)}${words(x, '0 %', y + 32)}${words(x + legendWidthPx, `${Math.round(largest * 100)} %`, y + 32, 'end')}`;
}
