import { dirname, isAbsolute, relative, resolve, sep } from 'node:path';
import type { ListedImage } from '../listed-image.js';
import { manifestColumns } from './manifest-row.js';
import { manifestExtensions } from './manifest-source.js';

/** An image whose file a manifest can name. */
export interface WrittenImage extends ListedImage {
  /** Path of the file. */
  readonly location: string;
}

/** Whether a file is a manifest by its name. */
export function isManifestName(path: string): boolean {
  return manifestExtensions.some((end) => path.toLowerCase().endsWith(end));
}

/**
 * A manifest that `manifestSource` reads back as these images, in the form that the end of its name stands for. Paths are
 * relative to its folder, with forward slashes; columns that no image needs are left out.
 * @param manifest where it will lie
 */
export function manifestText(manifest: string, images: readonly WrittenImage[]): string {
  const rows = images.map((image) => cellsOf(manifest, image));
  const ownIds = rows.some(({ path, id }) => path !== id);
  if (!ownIds) for (const row of rows) delete row.id;
  if (/\.(jsonl|ndjson)$/i.test(manifest)) return rows.map((row) => `${JSON.stringify(row)}\n`).join('');
  const used = new Set(rows.flatMap((row) => Object.keys(row)));
  const columns = [
    ...manifestColumns.filter((column) => used.has(column)),
    ...[...used].filter((column) => !manifestColumns.includes(column)),
  ];
  const delimiter = manifest.toLowerCase().endsWith('.tsv') ? '\t' : ',';
  const line = (cells: readonly unknown[]) => `${cells.map(csvField).join(delimiter)}\r\n`;
  return line(columns) + rows.map((row) => line(columns.map((column) => row[column]))).join('');
}

function cellsOf(manifest: string, image: WrittenImage): Record<string, unknown> {
  const { id, label, split, group, metadata } = image;
  const path = manifestPathOf(dirname(manifest), image.location);
  return {
    path,
    ...(label !== undefined && { label }),
    ...(split !== undefined && { split }),
    id,
    ...(group !== undefined && { group }),
    ...metadata,
  };
}

/** A path as a manifest in this directory has it: with forward slashes, so that it means the same on every platform. */
export function manifestPathOf(directory: string, path: string): string {
  const found = relative(resolve(directory), resolve(path));
  // On another drive there is no way from here to there.
  return isAbsolute(found) ? found : found.split(sep).join('/');
}

/** A cell by RFC 4180, but for the quotes around what a reader may take for another delimiter. */
export function csvField(cell: unknown): string {
  const text = cell === undefined || cell === null ? '' : String(cell);
  return /[",;\t\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
