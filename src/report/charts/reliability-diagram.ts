import { type Figure, figureMarginPx } from '../figure.js';
import { drawHeading, headingHeightPx } from '../heading.js';
import { markup } from '../markup.js';
import { linearScale } from './linear-scale.js';

export interface ReliabilityDiagramOptions {
  readonly title?: string;
  /** Expected calibration error. */
  readonly ece: number;
  /** By rising probability. */
  readonly reliability: readonly {
    /** Mean of the probabilities given, in [0, 1]. */
    readonly probability: number;
    /** Share that came true, in [0, 1]. */
    readonly same: number;
    readonly pairs: number;
  }[];
}

const plotPx = 360;
const tickStyle = { sizePx: 11 } as const;
const axisPx = 44;
const smallestDotPx = 1;

/**
 * Probabilities given against what came of them, a dot for each bin: on the diagonal they keep their word, below it they
 * promise too much. The area of a dot is its share of the pairs. They are not joined: equal probabilities stay in one bin, so a bin
 * may hold a single pair, and a line would rise and fall with it.
 */
export function reliabilityDiagram({ title, ece, reliability }: ReliabilityDiagramOptions): Figure {
  const total = reliability.reduce((sum, { pairs }) => sum + pairs, 0);
  const heading = {
    title: title ?? 'Reliability',
    subtitle: `${total.toLocaleString('en')} pairs in ${reliability.length} bins · ECE ${ece.toFixed(3)}`,
  };
  const left = figureMarginPx + axisPx;
  const top = figureMarginPx + headingHeightPx(heading);
  const [right, bottom] = [left + plotPx, top + plotPx];
  const x = linearScale(0, 1, { range: [left, right] });
  const y = linearScale(0, 1, { range: [bottom, top] });
  const widthPx = right + figureMarginPx;
  const summary = reliability.map(
    ({ probability, same }) => `${same.toFixed(2)} at ${probability.toFixed(2)}`,
  );
  return {
    widthPx,
    heightPx: bottom + axisPx + figureMarginPx,
    alt: `${heading.title}, ECE ${ece.toFixed(3)}: share of the same class ${summary.join(', ')}`,
    draw: (
      theme,
    ) => markup`${drawHeading(heading, { x: figureMarginPx, y: figureMarginPx, widthPx: widthPx - 2 * figureMarginPx }, theme)}
${y.ticks.map(
  (tick) =>
    markup`<path d="M${left} ${y.position(tick)}H${right}" stroke="${theme.line}"/><text x="${left - 8}" y="${y.position(tick) + 4}" font-size="${tickStyle.sizePx}" text-anchor="end" fill="${theme.muted}">${tick.toFixed(1)}</text>`,
)}
${x.ticks.map(
  (tick) =>
    markup`<text x="${x.position(tick)}" y="${bottom + 17}" font-size="${tickStyle.sizePx}" text-anchor="middle" fill="${theme.muted}">${tick.toFixed(1)}</text>`,
)}
<path d="M${left} ${bottom}L${right} ${top}" stroke="${theme.muted}" stroke-dasharray="4 4"/>
<text x="${(left + right) / 2}" y="${bottom + 38}" font-size="12" text-anchor="middle" fill="${theme.muted}">probability given</text>
<text transform="translate(${figureMarginPx + 8} ${(top + bottom) / 2}) rotate(-90)" font-size="12" text-anchor="middle" fill="${theme.muted}">share of the same class</text>
${reliability.map(
  ({ probability, same, pairs }) =>
    markup`<circle cx="${x.position(probability)}" cy="${y.position(same)}" r="${Math.max(smallestDotPx, 30 * Math.sqrt(pairs / total / Math.PI))}" fill="${theme.accent}" fill-opacity="0.75"><title>${`${same.toFixed(3)} of ${pairs.toLocaleString('en')} pairs given ${probability.toFixed(3)}`}</title></circle>`,
)}`,
  };
}
