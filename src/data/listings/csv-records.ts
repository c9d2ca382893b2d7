import { createReadStream } from 'node:fs';
import { CsvError, type Options, parse } from 'csv-parse';

/** The fields of a row, and the line that it ends in. */
export interface CsvRecord {
  readonly record: readonly string[];
  readonly line: number;
}

/**
 * The rows of a CSV file (RFC 4180, UTF-8), the header first, one at a time.
 * @param onBroken told of the line from which on nothing can be read; what it throws is thrown
 */
export async function* csvRecords(
  path: string,
  options: Pick<Options, 'delimiter' | 'relax_quotes' | 'max_record_size'>,
  onBroken: (error: CsvError, line: number) => void,
): AsyncGenerator<CsvRecord> {
  const parser = parse({
    ...options,
    bom: true,
    record_delimiter: ['\r\n', '\n', '\r'],
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
  });
  const file = createReadStream(path);
  file.on('error', (error) => parser.destroy(error));
  let line = 0;
  try {
    for await (const { record, info } of file.pipe(parser) as AsyncIterable<ParsedRecord>) {
      line = info.lines;
      yield { record, line };
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    onBroken(error, line + 1);
  } finally {
    file.destroy();
  }
}

interface ParsedRecord {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}
