import { ImagekinError } from '../../../core/errors.js';
import { csvRecords } from '../../../data/listings/csv-records.js';
import { collectRows, type TextRow } from './collect-rows.js';
import type { ExchangeFormat, OnSkipped } from './exchange-format.js';
import { exchangedFields, numericFields } from './exchanged-image.js';
import { vectorOf, vectorText } from './vector-text.js';

/** A cell with the longest vector that there might be. */
const maxRowBytes = 8 * 2 ** 20;
const metadataPrefix = 'metadata.';

/**
 * A table with a header (RFC 4180, UTF-8): a column for everything that is known of an image, `metadata.<name>` for each
 * name in any metadata, and where vectors are wanted, `embedding`, a list of numbers in JSON. A cell of metadata is JSON
 * where it is no text, or a text that would be taken for JSON, so that it can be read back as it was.
 */
export const csvFormat: ExchangeFormat = {
  extension: '.csv',
  vectorsOnly: false,
  async *chunks(collection, { vectors: withVectors }) {
    const { dimension, blocks } = collection;
    const names = collection.metadataNames();
    const header = [...exchangedFields, ...names.map((name) => `${metadataPrefix}${name}`)];
    yield lineOf([...header, ...(withVectors ? ['embedding'] : [])]);
    for await (const { images, vectors } of blocks()) {
      let lines = '';
      for (const [i, image] of images.entries()) {
        const cells = exchangedFields.map((field) => String(image[field] ?? ''));
        for (const name of names) cells.push(metadataCell(image.metadata?.[name]));
        if (withVectors) cells.push(vectorText(vectors.subarray(i * dimension, (i + 1) * dimension)));
        lines += lineOf(cells);
      }
      yield lines;
    }
  },
  open: (path, onSkipped) =>
    collectRows(path, rowsOf(path, onSkipped), {
      onSkipped,
      noRow: 'a column "embedding" must hold the vectors, as [0.6,0.8]; export writes it with --vectors',
    }),
};

async function* rowsOf(path: string, onSkipped: OnSkipped): AsyncGenerator<TextRow> {
  let columns: readonly string[] | undefined;
  const records = csvRecords(path, { max_record_size: maxRowBytes }, (error, line) => {
    if (columns === undefined)
      throw new ImagekinError('source-damaged', {
        where: path,
        expected: 'a CSV file with a header',
        got: 'a line that does not end',
        fix: 'check the file',
        cause: error,
      });
    onSkipped({ path: `${path}: line ${line}`, reason: `${error.message}; nothing from here on was read` });
  });
  for await (const { record, line } of records) {
    if (columns === undefined) {
      columns = record.map((name) => name.trim());
      continue;
    }
    const where = `line ${line}`;
    const { embedding, ...fields } = fieldsOf(columns, record);
    const vector = vectorOf(typeof embedding === 'string' ? jsonOf(embedding) : undefined);
    if (vector) yield { where, fields, vector };
    else onSkipped({ path: `${path}: ${where}`, reason: 'no "embedding" that is a list of numbers' });
  }
}

const known: readonly string[] = exchangedFields;
const numeric: readonly string[] = numericFields;

/** Columns that have no meaning of their own are metadata. */
function fieldsOf(columns: readonly string[], record: readonly string[]): Record<string, unknown> {
  const metadata: Record<string, unknown> = {};
  const fields: Record<string, unknown> = {};
  for (const [index, cell] of record.entries()) {
    const column = columns[index];
    if (cell === '' || column === undefined) continue;
    if (column === 'embedding') fields[column] = cell;
    else if (numeric.includes(column)) fields[column] = numberOf(cell);
    else if (known.includes(column)) fields[column] = cell;
    else {
      const name = column.startsWith(metadataPrefix) ? column.slice(metadataPrefix.length) : column;
      const value = jsonOf(cell);
      metadata[name] = value === undefined ? cell : value;
    }
  }
  return Object.keys(metadata).length > 0 ? { ...fields, metadata } : fields;
}

/** Ids of others may be texts. */
function numberOf(cell: string): number | string {
  const number = Number(cell);
  return cell.trim() !== '' && Number.isFinite(number) ? number : cell;
}

function metadataCell(value: unknown): string {
  if (value === undefined) return '';
  if (typeof value !== 'string') return JSON.stringify(value);
  return value === '' || jsonOf(value) !== undefined ? JSON.stringify(value) : value;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function lineOf(cells: readonly string[]): string {
  const quoted = (cell: string) => (/[",\r\n]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
  return `${cells.map(quoted).join()}\r\n`;
}
