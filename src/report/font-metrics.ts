import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export type FontWeight = 'regular' | 'semibold';

/** The typeface every picture is set in, shipped with imagekin. */
export const fontFamily = 'Inter';

export const fontFiles: Readonly<Record<FontWeight, string>> = {
  regular: fileURLToPath(new URL('../../assets/fonts/Inter-Regular.ttf', import.meta.url)),
  semibold: fileURLToPath(new URL('../../assets/fonts/Inter-SemiBold.ttf', import.meta.url)),
};

/** The same typeface with the letters of Latin scripts only, small enough to travel inside a page. */
export const pageFontFile = fileURLToPath(
  new URL('../../assets/fonts/Inter-latin-variable.woff2', import.meta.url),
);

export interface TextStyle {
  readonly sizePx: number;
  readonly weight?: FontWeight;
}

/** Width of a line of text: the sum of its advance widths, kerning left aside. */
export function textWidthPx(text: string, { sizePx, weight = 'regular' }: TextStyle): number {
  const { advanceOf, missing } = metrics(weight);
  let width = 0;
  for (const character of text) width += advanceOf.get(character.codePointAt(0)!) ?? missing;
  return width * sizePx;
}

/** The text itself where it fits, else as much of it as fits before an ellipsis. */
export function fitText(text: string, maxWidthPx: number, style: TextStyle): string {
  if (textWidthPx(text, style) <= maxWidthPx) return text;
  const characters = Array.from(text);
  while (characters.length > 0) {
    characters.pop();
    const shortened = `${characters.join('').trimEnd()}…`;
    if (textWidthPx(shortened, style) <= maxWidthPx) return shortened;
  }
  return '';
}

/** The text in lines that fit, broken after spaces, hyphens and underscores; what is too long ends in an ellipsis. */
export function wrapText(text: string, maxWidthPx: number, maxLines: number, style: TextStyle): string[] {
  const lines: string[] = [];
  let rest = text.trim();
  while (rest && lines.length < maxLines - 1 && textWidthPx(rest, style) > maxWidthPx) {
    const breaks = Array.from(rest.matchAll(/[\s_-]+/g), (match) => match.index + match[0].length);
    const fitting = breaks.filter((at) => textWidthPx(rest.slice(0, at).trimEnd(), style) <= maxWidthPx);
    if (fitting.length === 0) break;
    lines.push(rest.slice(0, fitting.at(-1)).trimEnd());
    rest = rest.slice(fitting.at(-1));
  }
  if (rest) lines.push(fitText(rest, maxWidthPx, style));
  return lines;
}

/** Whether the shipped typeface can draw every character. */
export function isCovered(text: string): boolean {
  for (const character of text.match(/[^\p{ASCII}]/gu) ?? [])
    if (!metrics('regular').advanceOf.has(character.codePointAt(0)!)) return false;
  return true;
}

interface FontMetrics {
  /** Advance width in em, by code point. */
  readonly advanceOf: ReadonlyMap<number, number>;
  /** Advance width of the glyph that stands in for a missing one. */
  readonly missing: number;
}

const loaded = new Map<FontWeight, FontMetrics>();

function metrics(weight: FontWeight): FontMetrics {
  let font = loaded.get(weight);
  if (!font) {
    font = readMetrics(readFileSync(fontFiles[weight]));
    loaded.set(weight, font);
  }
  return font;
}

/** Reads the tables `head`, `hhea`, `hmtx` and `cmap` (format 12) of an OpenType file. */
function readMetrics(font: Buffer): FontMetrics {
  const tables = new Map<string, number>();
  for (let i = 0; i < font.readUInt16BE(4); i++) {
    const record = 12 + 16 * i;
    tables.set(font.toString('latin1', record, record + 4), font.readUInt32BE(record + 8));
  }
  const unitsPerEm = font.readUInt16BE(tables.get('head')! + 18);
  const widths = font.readUInt16BE(tables.get('hhea')! + 34);
  const hmtx = tables.get('hmtx')!;
  // Glyphs past the last width share it.
  const advance = (glyph: number) => font.readUInt16BE(hmtx + 4 * Math.min(glyph, widths - 1)) / unitsPerEm;

  const advanceOf = new Map<number, number>();
  const groups = cmapGroups(font, tables.get('cmap')!);
  for (let i = 0; i < font.readUInt32BE(groups + 12); i++) {
    const group = groups + 16 + 12 * i;
    const first = font.readUInt32BE(group);
    const last = font.readUInt32BE(group + 4);
    const glyph = font.readUInt32BE(group + 8);
    for (let code = first; code <= last; code++) advanceOf.set(code, advance(glyph + code - first));
  }
  return { advanceOf, missing: advance(0) };
}

function cmapGroups(font: Buffer, cmap: number): number {
  for (let i = 0; i < font.readUInt16BE(cmap + 2); i++) {
    const subtable = cmap + font.readUInt32BE(cmap + 4 + 8 * i + 4);
    if (font.readUInt16BE(subtable) === 12) return subtable;
  }
  throw new Error('the shipped font has no cmap of format 12');
}
