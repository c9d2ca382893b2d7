import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { brandMark } from './brand-mark.js';
import { pageFontFile } from './font-metrics.js';
import { groupColour } from './group-colours.js';
import { Markup, markup } from './markup.js';
import { darkTheme, lightTheme, themeDeclarations } from './theme.js';

export interface MapPageGroup {
  readonly name: string;
  /** Below the name: `123 images`. */
  readonly detail: string;
  /** The point that stands for it; −1 where none does. */
  readonly medoid: number;
}

export interface MapPageOptions {
  readonly title: string;
  /** What is seen, in a line. */
  readonly lead: string;
  /** How it was made, a sentence each. */
  readonly notes: readonly string[];
  readonly command: string;
  /** Of each point. y upwards. */
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
  /** Below `base`, with slashes. */
  readonly paths: readonly string[];
  /** URL of the folder that paths lie in, with a slash at its end; `null` where they are no files. */
  readonly base: string | null;
  /** Points that there is no file of that could be opened. */
  readonly noFile: readonly number[];
  readonly groups: readonly MapPageGroup[];
  readonly groupOf: ArrayLike<number>;
  /** Another way to colour the points; −1 of those without. */
  readonly labels?: { readonly groups: readonly MapPageGroup[]; readonly of: ArrayLike<number> };
  readonly outliers: readonly number[];
  /** WebP files by point, of as many points as the page is to hold. */
  readonly thumbnails: ReadonlyMap<number, Uint8Array>;
}

const asset = (name: string) => readFileSync(new URL(`../../assets/map/${name}`, import.meta.url), 'utf8');

/**
 * A map as one HTML document, to be looked about in: zoom, pan, pictures under the mouse. It needs no other file and asks for
 * none but the images themselves; its own script is the only one that may run in it.
 */
export function mapPage(options: MapPageOptions): string {
  const { title, lead, notes, command, labels, outliers } = options;
  const script = asset('map.js');
  const style = styleSheet();
  // Other scripts, and what a file name might smuggle in, do not run.
  const policy = [
    "default-src 'none'",
    'img-src data: file:',
    'font-src data:',
    `script-src '${hashOf(script)}'`,
    `style-src '${hashOf(style)}'`,
  ].join('; ');
  const count = options.paths.length.toLocaleString('en');
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="imagekin">
<title>${title}</title>
<style>${new Markup(style)}</style>
</head>
<body>
<header>${brandMark}<h1>${title}</h1><p>${lead}</p></header>
<main id="stage"><canvas tabindex="0" role="img" aria-label="${`Map of ${count} images in ${options.groups.length} clusters, which are listed beside it. Plus and minus zoom, arrows move, 0 shows all.`}"></canvas>
<div id="keys"><button type="button" data-zoom="1.5" aria-label="Zoom in">+</button><button type="button" data-zoom="0.667" aria-label="Zoom out">−</button><button type="button" data-zoom="0" class="fit">Fit</button></div>
<div id="card" hidden><div class="frame"></div><b></b><div></div><a target="_blank" rel="noopener">Open the file</a></div></main>
<aside>
<div class="controls"><input id="search" type="search" placeholder="Find in names and labels" aria-label="Find in names and labels">
<div class="row">${
    labels &&
    markup`<div class="segments" role="group" aria-label="Colours"><button type="button" data-by="cluster" aria-pressed="true">Clusters</button><button type="button" data-by="label" aria-pressed="false">Labels</button></div>`
  }<label${outliers.length === 0 && markup` hidden`}><input type="checkbox" id="rings">Outliers (${outliers.length.toLocaleString('en')})</label><span id="found" role="status"></span></div></div>
<ul id="legend" aria-label="Groups"></ul>
<footer><details><summary>How this was made</summary>${notes.map((note) => markup`<p>${note}</p>`)}<code>${command}</code></details></footer>
</aside>
<script type="application/json" id="map-data">${new Markup(dataOf(options))}</script>
<script>${new Markup(script)}</script>
</body>
</html>
`.text;
}

function styleSheet(): string {
  const font = readFileSync(pageFontFile).toString('base64');
  return `@font-face{font-family:Inter;font-weight:100 900;src:url(data:font/woff2;base64,${font}) format("woff2")}
:root{color-scheme:light dark;${themeDeclarations(lightTheme)}--sheet:#ffffff;--ground:#f6f7f9;--shadow:0 1px 2px rgb(16 24 40/.05),0 4px 16px rgb(16 24 40/.04)}
@media(prefers-color-scheme:dark){:root{${themeDeclarations(darkTheme)}--sheet:#15191d;--ground:#0c0e10;--page:#0f1215;--panel:#20252b;--shadow:none}}
${asset('map.css')}`;
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

/** JSON that cannot end the element it stands in. */
function dataOf(options: MapPageOptions): string {
  const { paths, base, noFile, groups, groupOf, labels, outliers, thumbnails } = options;
  const coloured = (all: readonly MapPageGroup[]) =>
    all.map((group, i) => ({ ...group, colour: groupColour(i) }));
  const data = {
    places: Buffer.from(unitSquare(options).buffer).toString('base64'),
    paths,
    base,
    noFile,
    groups: coloured(groups),
    clusters: Array.from(groupOf),
    labels: labels && { groups: coloured(labels.groups), of: Array.from(labels.of) },
    outliers,
    thumbnails: Object.fromEntries(
      [...thumbnails].map(([point, bytes]) => [point, Buffer.from(bytes).toString('base64')]),
    ),
  };
  return JSON.stringify(data).replaceAll('<', '\\u003c');
}

/** uint16 [n, 2]: the points in a square of 0 to 65,535, one scale for both axes, y downwards. */
function unitSquare({ x, y }: MapPageOptions): Uint16Array {
  const [lowX, highX] = extent(x);
  const [lowY, highY] = extent(y);
  const scale = 65_535 / Math.max(highX - lowX, highY - lowY, 1e-9);
  const to = (value: number, low: number, high: number) =>
    Math.round(Math.min(65_535, Math.max(0, 65_535 / 2 + (value - (low + high) / 2) * scale)));
  const places = new Uint16Array(2 * x.length);
  for (let i = 0; i < x.length; i++) {
    places[2 * i] = to(x[i]!, lowX, highX);
    places[2 * i + 1] = 65_535 - to(y[i]!, lowY, highY);
  }
  return places;
}

function extent(values: ArrayLike<number>): [number, number] {
  let [low, high] = [values[0] ?? 0, values[0] ?? 0];
  for (let i = 1; i < values.length; i++)
    [low, high] = [Math.min(low, values[i]!), Math.max(high, values[i]!)];
  return [low, high];
}
