import { createReadStream } from 'node:fs';
import { jsonObjectOf } from '../../core/json-lines.js';
import type { OnSkipped } from '../file-source.js';
import { noPathColumn } from './csv-rows.js';
import { type ManifestRow, skippedRow } from './manifest-row.js';
import { textPieces } from './text-pieces.js';

const maxLineBytes = 1024 * 1024;

/**
 * The rows of a JSON Lines file, an object in each line, one at a time. Lines that are none are told of and passed over.
 * @throws ImagekinError `source-damaged` at its end, where no object had a path
 */
export async function* jsonRows(path: string, onSkipped: OnSkipped): AsyncGenerator<ManifestRow> {
  const columns = new Set<string>();
  let hasPath = false;
  for await (const { number, text } of textPieces(createReadStream(path), { maxBytes: maxLineBytes })) {
    if (text?.trim() === '') continue;
    const cells = text === undefined ? undefined : jsonObjectOf(text);
    if (cells === undefined) {
      const reason = text === undefined ? `more than ${maxLineBytes} bytes` : 'not a JSON object';
      onSkipped(skippedRow(path, number, reason));
      continue;
    }
    hasPath ||= Object.hasOwn(cells, 'path');
    if (!hasPath)
      for (const column of Object.keys(cells)) if (columns.size < mostColumnsNamed) columns.add(column);
    yield { line: number, cells };
  }
  if (!hasPath && columns.size > 0) throw noPathColumn(path, [...columns]);
}

const mostColumnsNamed = 20;
