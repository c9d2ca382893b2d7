import { type Figure, figureMarginPx } from '../figure.js';
import { textWidthPx } from '../font-metrics.js';
import { drawHeading, type Heading, headingHeightPx } from '../heading.js';
import { type Markup, markup } from '../markup.js';
import type { Theme } from '../theme.js';
import { type LinearScale, linearScale } from './linear-scale.js';

export interface Series {
  readonly name: string;
  /** By rising x; points that are not finite leave a gap. */
  readonly points: readonly (readonly [x: number, y: number])[];
  /** `dots` for values known at a few places only, such as published ones. */
  readonly mark?: 'line' | 'dots';
  /** Which of the colours it has, from 0, where it is to be the same in several charts. Default: its place in the chart. */
  readonly colour?: number;
}

export interface LineChartOptions extends Heading {
  readonly xLabel: string;
  readonly yLabel: string;
  /** The first is drawn in the accent, the second in the second colour; from the seventh on colours come again. */
  readonly series: readonly Series[];
  /** Decimals of the value written at the end of each series. */
  readonly decimals?: number;
}

const widthPx = 960;
const plotHeightPx = 320;
const tickStyle = { sizePx: 11 } as const;
const labelStyle = { sizePx: 12, weight: 'semibold' } as const;

/** A quantity over epochs or steps: lines with their names and last values at their ends. */
export function lineChart(options: LineChartOptions): Figure {
  const { series, xLabel, yLabel, decimals = 2 } = options;
  const finite = series.map(({ points }) => points.filter((point) => point.every(Number.isFinite)));
  const all = finite.flat();
  const ends = finite.map((points) => points.at(-1));
  const endLabels = series.map(({ name }, i) => (ends[i] ? `${name} ${ends[i][1].toFixed(decimals)}` : name));

  const top = figureMarginPx + headingHeightPx(options) + 22;
  const bottom = top + plotHeightPx;
  const y = linearScale(...extent(all.map((point) => point[1])), { range: [bottom, top] });
  const tickText = (value: number) => value.toFixed(y.decimals);
  const left =
    figureMarginPx + Math.max(...y.ticks.map((tick) => textWidthPx(tickText(tick), tickStyle))) + 10;
  const right =
    widthPx - figureMarginPx - 10 - Math.max(...endLabels.map((label) => textWidthPx(label, labelStyle)));
  const x = linearScale(...extent(all.map((point) => point[0])), {
    range: [left, right],
    tickCount: 10,
    integer: true,
    nice: false,
  });

  const labelBaselines = apart(
    ends.map((end) => (end ? y.position(end[1]) + 4 : top)),
    16,
  );
  const summary = series.map(({ name }, i) => {
    const [first, last] = [finite[i][0], ends[i]];
    return first && last
      ? `${name} from ${first[1].toFixed(decimals)} at ${xLabel} ${first[0]} to ${last[1].toFixed(decimals)} at ${last[0]}`
      : `${name} without values`;
  });
  return {
    widthPx,
    heightPx: bottom + 40 + figureMarginPx,
    alt: `${options.title ?? yLabel}: ${summary.join('; ')}`,
    draw: (theme) => {
      const paints = [theme.accent, theme.second, theme.same, theme.other, theme.ink, theme.muted];
      const paintOf = (i: number) => paints[(series[i].colour ?? i) % paints.length];
      return markup`${drawHeading(options, { x: figureMarginPx, y: figureMarginPx, widthPx: widthPx - 2 * figureMarginPx }, theme)}
<text x="${figureMarginPx}" y="${top - 12}" font-size="${tickStyle.sizePx}" fill="${theme.muted}">${yLabel}</text>
${y.ticks.map(
  (tick) =>
    markup`<path d="M${left} ${y.position(tick)}H${right}" stroke="${theme.line}"/><text x="${left - 10}" y="${y.position(tick) + 4}" font-size="${tickStyle.sizePx}" text-anchor="end" fill="${theme.muted}">${tickText(tick)}</text>`,
)}
${x.ticks.map(
  (tick) =>
    markup`<path d="M${x.position(tick)} ${bottom}v5" stroke="${theme.muted}"/><text x="${x.position(tick)}" y="${bottom + 19}" font-size="${tickStyle.sizePx}" text-anchor="middle" fill="${theme.muted}">${String(tick)}</text>`,
)}
<path d="M${left} ${bottom}H${right}" stroke="${theme.muted}"/>
<text x="${(left + right) / 2}" y="${bottom + 38}" font-size="${tickStyle.sizePx}" text-anchor="middle" fill="${theme.muted}">${xLabel}</text>
${series.map((one, i) => drawSeries(one, { x, y, paint: paintOf(i), theme }))}
${series.map(
  (_, i) =>
    markup`<text x="${right + 10}" y="${labelBaselines[i]}" font-size="${labelStyle.sizePx}" font-weight="600" fill="${paintOf(i)}">${endLabels[i]}</text>`,
)}`;
    },
  };
}

interface Pen {
  readonly x: LinearScale;
  readonly y: LinearScale;
  readonly paint: string;
  readonly theme: Theme;
}

function drawSeries({ name, points, mark = 'line' }: Series, { x, y, paint, theme }: Pen): Markup {
  const dot = ([at, value]: readonly [number, number], radius: number) =>
    markup`<circle cx="${x.position(at)}" cy="${y.position(value)}" r="${radius}" fill="${mark === 'dots' ? theme.page : paint}" stroke="${paint}" stroke-width="2"><title>${`${name} at ${at}: ${value}`}</title></circle>`;
  const shown = points.filter((point) => point.every(Number.isFinite));
  if (mark === 'dots') return markup`${shown.map((point) => dot(point, 4))}`;
  let path = '';
  let penDown = false;
  for (const [at, value] of points) {
    if (Number.isFinite(value)) {
      path += `${penDown ? 'L' : 'M'}${x.position(at).toFixed(1)} ${y.position(value).toFixed(1)}`;
    }
    penDown = Number.isFinite(value);
  }
  // Few points are marked, so that one can see where the values are; many would hide the line.
  const marked = shown.length <= 40 ? shown : shown.slice(-1);
  return markup`<path d="${path}" fill="none" stroke="${paint}" stroke-width="2" stroke-linejoin="round" stroke-linecap="round"/>${marked.map((point) => dot(point, 2))}`;
}

/** [smallest, largest]; [0, 1] of nothing. */
function extent(values: readonly number[]): [number, number] {
  if (values.length === 0) return [0, 1];
  return values.reduce(
    ([low, high], value) => [Math.min(low, value), Math.max(high, value)],
    [values[0], values[0]],
  );
}

/** Baselines moved so that they are `distance` apart: each group that is too close is spread about its middle. */
function apart(baselines: readonly number[], distance: number): number[] {
  const order = baselines.map((_, i) => i).sort((i, j) => baselines[i] - baselines[j]);
  // Groups from the top down: a group that reaches into the one before is joined with it.
  const groups: { members: number[]; middle: number }[] = [];
  for (const i of order) {
    let group = { members: [i], middle: baselines[i] };
    for (;;) {
      const before = groups.at(-1);
      const room = ((group.members.length + (before?.members.length ?? 0)) / 2) * distance;
      if (before === undefined || group.middle - before.middle >= room) break;
      groups.pop();
      const members = [...before.members, ...group.members];
      group = { members, middle: members.reduce((sum, m) => sum + baselines[m], 0) / members.length };
    }
    groups.push(group);
  }
  const moved = [...baselines];
  for (const { members, middle } of groups) {
    members.forEach((member, position) => {
      moved[member] = middle + (position - (members.length - 1) / 2) * distance;
    });
  }
  return moved;
}
