import type { ImageDetails } from '../api.js';

export const exportFormats = ['csv', 'json', 'paths'] as const;
export type ExportFormat = (typeof exportFormats)[number];

/** What is known of the place of images in a search, by their ids. */
export type Scores = ReadonlyMap<number, { readonly rank: number; readonly score: number }>;

const columns = [
  'id',
  'path',
  'name',
  'label',
  'split',
  'width',
  'height',
  'format',
  'bytes',
  'sha256',
] as const;

/** Images as the text of a file. */
export function exported(images: readonly ImageDetails[], format: ExportFormat, scores?: Scores): string {
  if (format === 'paths') return images.map((image) => `${image.path}\n`).join('');
  const withScores = scores !== undefined && images.some((image) => scores.has(image.id));
  if (format === 'json') {
    const rows = images.map((image) => ({ ...image, ...(withScores && scores.get(image.id)) }));
    return `${JSON.stringify(rows, null, 2)}\n`;
  }
  const head = withScores ? [...columns, 'rank', 'score'] : columns;
  const rows = images.map((image) => {
    const found = scores?.get(image.id);
    return [...columns.map((column) => image[column]), ...(withScores ? [found?.rank, found?.score] : [])];
  });
  return [head, ...rows].map((row) => `${row.map(csvCell).join(',')}\r\n`).join('');
}

/** RFC 4180. */
function csvCell(value: string | number | null | undefined): string {
  const text = value === null || value === undefined ? '' : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const types = { csv: 'text/csv', json: 'application/json', paths: 'text/plain' } as const;
const endings = { csv: 'csv', json: 'json', paths: 'txt' } as const;

/** Has the browser save text as a file. */
export function saveFile(name: string, format: ExportFormat, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: `${types[format]};charset=utf-8` }));
  const link = document.createElement('a');
  link.href = url;
  link.download = `${name}.${endings[format]}`;
  link.click();
  // The saving begins after the click was handled.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
