import { dirname, isAbsolute, join } from 'node:path';
import type { Skipped } from '../../core/progress.js';
import type { OnSkipped } from '../file-source.js';
import type { ImageMetadata, ListedImage } from '../listed-image.js';
import type { ImageSplit } from '../split.js';
import { IdSet } from './id-set.js';

/** A row of a manifest: what stands under each of its columns. */
export interface ManifestRow {
  /** Line of the file, counted from 1. */
  readonly line: number;
  /** Nothing stands under a column that is left out, and `null` or an empty text say the same of those with a meaning. */
  readonly cells: Readonly<Record<string, unknown>>;
}

/** Columns that have a meaning; any other is metadata. */
export const manifestColumns: readonly string[] = ['path', 'label', 'split', 'id', 'group'];

const splitNames: Readonly<Record<string, ImageSplit>> = {
  train: 'train',
  training: 'train',
  val: 'val',
  valid: 'val',
  validation: 'val',
  test: 'test',
  testing: 'test',
};

/** Makes images of the rows of one manifest. Rows that name none are told of with their line. */
export class ManifestRows {
  readonly #ids = new IdSet();
  readonly #directory: string;

  constructor(
    private readonly manifest: string,
    private readonly onSkipped: OnSkipped,
  ) {
    this.#directory = dirname(manifest);
  }

  image({ line, cells }: ManifestRow): ListedImage | undefined {
    try {
      return this.#read(cells);
    } catch (error) {
      if (!(error instanceof UnusableRow)) throw error;
      this.onSkipped(skippedRow(this.manifest, line, error.message));
      return undefined;
    }
  }

  #read(cells: ManifestRow['cells']): ListedImage {
    const path = textUnder(cells, 'path');
    if (path === undefined) throw new UnusableRow('no path');
    if (path.includes('\0')) throw new UnusableRow('a path with a NUL in it');
    if (/^[a-z][a-z0-9+.-]+:\/\//i.test(path))
      throw new UnusableRow(`"${path}", a URL, where a file is needed`);
    const split = splitUnder(cells);
    const [label, group] = [textUnder(cells, 'label'), textUnder(cells, 'group')];
    const metadata = metadataOf(cells);
    const id = textUnder(cells, 'id') ?? path;
    if (!this.#ids.add(id)) throw new UnusableRow(`the id "${id}", which an earlier row has`);
    return {
      id,
      location: isAbsolute(path) ? path : join(this.#directory, path),
      ...(label !== undefined && { label }),
      ...(split !== undefined && { split }),
      ...(group !== undefined && { group }),
      ...(metadata !== undefined && { metadata }),
    };
  }
}

/** A row of which no image can be made. */
class UnusableRow extends Error {}

export function skippedRow(manifest: string, line: number, reason: string): Skipped {
  return { path: `${manifest}:${line}`, reason };
}

function textUnder(cells: ManifestRow['cells'], column: string): string | undefined {
  const cell = cells[column];
  if (cell === undefined || cell === null || cell === '') return undefined;
  if (typeof cell === 'string') return cell;
  if (column !== 'path' && (typeof cell === 'number' || typeof cell === 'boolean')) return String(cell);
  throw new UnusableRow(`a ${column} that is ${JSON.stringify(cell)}, not a text`);
}

function splitUnder(cells: ManifestRow['cells']): ImageSplit | undefined {
  const text = textUnder(cells, 'split');
  if (text === undefined) return undefined;
  const name = text.trim().toLowerCase();
  if (!Object.hasOwn(splitNames, name)) throw new UnusableRow(`the split "${text}", not train, val or test`);
  return splitNames[name];
}

/** Lists and objects are kept as JSON texts. */
function metadataOf(cells: ManifestRow['cells']): ImageMetadata | undefined {
  const entries = Object.entries(cells)
    .filter(([column, cell]) => !manifestColumns.includes(column) && cell !== undefined)
    .map(([column, cell]) => [column, isPlain(cell) ? cell : JSON.stringify(cell)] as const);
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

function isPlain(cell: unknown): cell is string | number | boolean | null {
  return cell === null || ['string', 'number', 'boolean'].includes(typeof cell);
}
