import type { Image } from '../../image/image.js';
import { type Figure, figureMarginPx } from '../figure.js';
import { fitText } from '../font-metrics.js';
import { groupColour } from '../group-colours.js';
import { drawHeading, type Heading, headingHeightPx } from '../heading.js';
import { type Markup, markup } from '../markup.js';
import type { Theme } from '../theme.js';
import { type Thumbnail, thumbnail } from '../thumbnail.js';
import { scatterLayer } from './scatter-layer.js';

/** Points of a map that belong together. */
export interface MapGroup {
  readonly name: string;
  /** Below the name: `123 images`. */
  readonly detail: string;
  /** A picture that stands for it. */
  readonly image?: Image;
  /** Where its number is written on the map, in the units of the points. */
  readonly at?: readonly [x: number, y: number];
}

export interface GroupMapOptions extends Heading {
  readonly x: ArrayLike<number>;
  /** Upwards. */
  readonly y: ArrayLike<number>;
  /** The group of each point; −1 of none. */
  readonly groupOf: ArrayLike<number>;
  readonly groups: readonly MapGroup[];
  /** Points with a ring about them. */
  readonly marked?: readonly number[];
  /** What a ring says. */
  readonly markedAs?: string;
}

const plotPx = 840;
const paddingPx = 26;
const gapPx = 28;
const rowPx = 52;
const picturePx = 40;
const columnPx = 236;
const mostColumns = 3;
const density = 2;
const noGroup = '#9aa3ad';
const badgePx = 10;

/** Points in the plane in the colours of their groups, each group with its number on the map, its picture and name beside it. */
export async function groupMap(options: GroupMapOptions): Promise<Figure> {
  const { x, y, groupOf, groups, marked = [], markedAs = 'outlier' } = options;
  const place = fitted(x, y);
  const count = x.length;
  const left = figureMarginPx;
  const top = figureMarginPx + headingHeightPx(options);
  const radius = pointRadiusPx(count);
  const xs = Float64Array.from({ length: count }, (_, i) => place.x(x[i]!));
  const ys = Float64Array.from({ length: count }, (_, i) => place.y(y[i]!));
  const layer = await scatterLayer({
    x: xs.map((value) => value * density),
    y: ys.map((value) => value * density),
    colourOf: (point) => (groupOf[point]! < 0 ? noGroup : groupColour(groupOf[point]!)),
    radius: radius * density,
    opacity: count > 20_000 ? 0.45 : 0.75,
    widthPx: plotPx * density,
    heightPx: plotPx * density,
  });
  const layerUri = `data:image/png;base64,${layer.toString('base64')}`;
  const perColumn = Math.floor((plotPx - (marked.length > 0 ? 28 : 0)) / rowPx);
  const shown = groups.slice(0, mostColumns * perColumn - (groups.length > mostColumns * perColumn ? 1 : 0));
  const columns = Math.max(1, Math.ceil(shown.length / perColumn));
  const pictures = await Promise.all(shown.map(({ image }) => image && thumbnail(image, picturePx)));
  const widthPx = left + plotPx + gapPx + columns * columnPx + figureMarginPx;
  const badges = apart(
    groups.flatMap(({ at }, group) => (at ? [{ group, x: place.x(at[0]), y: place.y(at[1]) }] : [])),
  );
  return {
    widthPx,
    heightPx: top + plotPx + figureMarginPx,
    alt: `${options.title ?? 'Map'} of ${count.toLocaleString('en')} images in ${groups.length} groups: ${groups
      .slice(0, 12)
      .map(({ name, detail }) => `${name}, ${detail}`)
      .join('; ')}`,
    draw: (
      theme,
    ) => markup`${drawHeading(options, { x: left, y: figureMarginPx, widthPx: widthPx - 2 * left }, theme)}
<rect x="${left}" y="${top}" width="${plotPx}" height="${plotPx}" rx="10" fill="${theme.panel}"/>
<image x="${left}" y="${top}" width="${plotPx}" height="${plotPx}" href="${layerUri}"/>
${marked.map((point) => markup`<circle cx="${left + xs[point]!}" cy="${top + ys[point]!}" r="${radius + 3}" fill="none" stroke="${theme.ink}" stroke-width="1.25"/>`)}
${badges.map(({ group, x: bx, y: by }) => drawBadge(group, left + bx, top + by, theme))}
${shown.map((group, i) => drawRow(group, i, pictures[i], left + plotPx + gapPx + Math.floor(i / perColumn) * columnPx, top + (i % perColumn) * rowPx, theme))}
${
  groups.length > shown.length &&
  markup`<text x="${left + plotPx + gapPx + (columns - 1) * columnPx}" y="${top + (perColumn - 1) * rowPx + 24}" font-size="12" fill="${theme.muted}">${`and ${groups.length - shown.length} smaller ones`}</text>`
}
${
  marked.length > 0 &&
  markup`<circle cx="${left + plotPx + gapPx + 20}" cy="${top + plotPx - 10}" r="6" fill="none" stroke="${theme.ink}" stroke-width="1.25"/><text x="${left + plotPx + gapPx + 50}" y="${top + plotPx - 6}" font-size="12" fill="${theme.muted}">${markedAs}</text>`
}`,
  };
}

/** Points of few images are to be seen one by one; many are to show where they are dense. */
function pointRadiusPx(count: number): number {
  return Math.max(0.8, Math.min(4.5, 5.6 - 1.15 * Math.log10(Math.max(1, count / 20))));
}

/** From the units of the points to pixels of the plot, one scale for both axes, y upwards. */
function fitted(xs: ArrayLike<number>, ys: ArrayLike<number>) {
  const [lowX, highX] = extent(xs);
  const [lowY, highY] = extent(ys);
  const room = plotPx - 2 * paddingPx;
  const scale = room / Math.max(highX - lowX, highY - lowY, 1e-9);
  return {
    x: (value: number) => plotPx / 2 + (value - (lowX + highX) / 2) * scale,
    y: (value: number) => plotPx / 2 - (value - (lowY + highY) / 2) * scale,
  };
}

function extent(values: ArrayLike<number>): [number, number] {
  if (values.length === 0) return [0, 0];
  let [low, high] = [values[0]!, values[0]!];
  for (let i = 1; i < values.length; i++)
    [low, high] = [Math.min(low, values[i]!), Math.max(high, values[i]!)];
  return [low, high];
}

function drawBadge(group: number, x: number, y: number, theme: Theme): Markup {
  return markup`<circle cx="${x}" cy="${y}" r="${badgePx}" fill="${theme.page}" stroke="${groupColour(group)}" stroke-width="2"/><text x="${x}" y="${y + 3.8}" font-size="10.5" font-weight="600" text-anchor="middle" fill="${theme.ink}">${String(group + 1)}</text>`;
}

function drawRow(
  { name, detail }: MapGroup,
  group: number,
  picture: Thumbnail | undefined,
  x: number,
  y: number,
  theme: Theme,
): Markup {
  const colour = groupColour(group);
  const words = columnPx - picturePx - 14 - 12;
  // Without a picture, the colour itself.
  return markup`<rect x="${x}" y="${y}" width="${picturePx}" height="${picturePx}" rx="2" fill="${picture ? theme.panel : colour}"/>
${
  picture &&
  markup`<image x="${x + (picturePx - picture.widthPx) / 2}" y="${y + (picturePx - picture.heightPx) / 2}" width="${picture.widthPx}" height="${picture.heightPx}" image-rendering="${picture.pixelated ? 'optimizeSpeed' : 'optimizeQuality'}" href="${picture.dataUri}"/>`
}
<rect x="${x}" y="${y}" width="${picturePx}" height="${picturePx}" rx="2" fill="none" stroke="${colour}" stroke-width="2.5"/>
<text x="${x + picturePx + 14}" y="${y + 17}" font-size="13" font-weight="600" fill="${theme.ink}">${fitText(`${group + 1}  ${name}`, words, { sizePx: 13, weight: 'semibold' })}</text>
<text x="${x + picturePx + 14}" y="${y + 34}" font-size="12" fill="${theme.muted}">${fitText(detail, words, { sizePx: 12 })}</text>`;
}

/** Numbers that would cover one another, moved apart a little at a time. */
function apart(badges: readonly { readonly group: number; readonly x: number; readonly y: number }[]) {
  const moved = badges.map((badge) => ({ ...badge }));
  const room = 2 * badgePx + 3;
  for (let pass = 0; pass < 60; pass++) {
    let settled = true;
    for (const [i, a] of moved.entries())
      for (const b of moved.slice(i + 1)) {
        let [dx, dy] = [b.x - a.x, b.y - a.y];
        const away = Math.hypot(dx, dy);
        if (away >= room) continue;
        settled = false;
        if (away < 1e-6) [dx, dy] = [1, 0];
        const push = (room - away) / 2 / Math.max(away, 1e-6 + Math.hypot(dx, dy));
        a.x -= dx * push;
        a.y -= dy * push;
        b.x += dx * push;
        b.y += dy * push;
      }
    for (const badge of moved) {
      badge.x = Math.min(plotPx - badgePx - 2, Math.max(badgePx + 2, badge.x));
      badge.y = Math.min(plotPx - badgePx - 2, Math.max(badgePx + 2, badge.y));
    }
    if (settled) break;
  }
  return moved;
}
