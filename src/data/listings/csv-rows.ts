import { open } from 'node:fs/promises';
import { ImagekinError } from '../../core/errors.js';
import type { OnSkipped } from '../file-source.js';
import { csvRecords } from './csv-records.js';
import { type ManifestRow, manifestColumns, skippedRow } from './manifest-row.js';

const delimiters = [',', ';', '\t'];
/** Longer than any header, and what is read of a file to find its delimiter. */
const headBytes = 64 * 1024;
/** A row that is longer is a quote that was never closed. */
const maxRowBytes = 1024 * 1024;

/**
 * The rows of a CSV file (RFC 4180, UTF-8, with a header), one at a time. The delimiter is the one of comma, semicolon and
 * tab that the header has most of. Columns with a meaning are known in any case.
 * @throws ImagekinError `source-damaged` where it has no usable header, or no column called path
 */
export async function* csvRows(path: string, onSkipped: OnSkipped): AsyncGenerator<ManifestRow> {
  const options = { delimiter: await delimiterOf(path), relax_quotes: true, max_record_size: maxRowBytes };
  let columns: readonly string[] | undefined;
  const records = csvRecords(path, options, (error, line) => {
    if (columns === undefined) throw badHeader(path, 'a line that does not end', error);
    onSkipped(skippedRow(path, line, 'a quote that is never closed; nothing from here on was read'));
  });
  for await (const { record, line } of records) {
    if (columns === undefined) columns = columnsOf(path, record);
    else if (record.length > columns.length)
      onSkipped(skippedRow(path, line, `${record.length} fields, where the header has ${columns.length}`));
    else yield { line, cells: cellsOf(columns, record) };
  }
  if (columns === undefined) throw badHeader(path, 'an empty file');
}

function cellsOf(columns: readonly string[], record: readonly string[]): Record<string, string> {
  const cells: Record<string, string> = {};
  for (const [index, cell] of record.entries()) if (cell !== '') cells[columns[index]!] = cell;
  return cells;
}

function columnsOf(path: string, header: readonly string[]): string[] {
  const columns = header.map((name) => {
    const known = name.trim().toLowerCase();
    return manifestColumns.includes(known) ? known : name.trim();
  });
  if (!columns.includes('path')) throw noPathColumn(path, columns);
  const twice = columns.find((name, index) => columns.indexOf(name) !== index);
  if (twice !== undefined) throw badHeader(path, `two columns called "${twice}"`);
  return columns;
}

/** A manifest whose images cannot be found. */
export function noPathColumn(path: string, columns: readonly string[]): ImagekinError {
  return new ImagekinError('source-damaged', {
    where: path,
    expected: 'a manifest with a column "path"',
    got: columns.length === 0 ? 'no column' : `the columns ${columns.map((name) => `"${name}"`).join(', ')}`,
    fix: 'name the column with the image files "path"',
  });
}

function badHeader(path: string, got: string, cause?: unknown): ImagekinError {
  return new ImagekinError('source-damaged', {
    where: path,
    expected: 'a manifest whose first line names its columns, each once',
    got,
    fix: 'give it a header such as path,label',
    cause,
  });
}

async function delimiterOf(path: string): Promise<string> {
  const file = await open(path);
  try {
    const head = Buffer.alloc(headBytes);
    const { bytesRead } = await file.read(head, 0, headBytes, 0);
    if ((head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff))
      throw new ImagekinError('source-damaged', {
        where: path,
        expected: 'a manifest in UTF-8',
        got: 'UTF-16',
        fix: 'save it as CSV UTF-8',
      });
    const [header = ''] = head.toString('utf8', 0, bytesRead).split(/[\r\n]/, 1);
    const unquoted = header.replace(/"[^"]*"/g, '');
    const count = (delimiter: string) => unquoted.split(delimiter).length;
    return delimiters.reduce((most, delimiter) => (count(delimiter) > count(most) ? delimiter : most));
  } finally {
    await file.close();
  }
}
