import { arrowFormat } from './arrow-format.js';
import { csvFormat } from './csv-format.js';
import type { ExchangeFormat, ExchangeFormatName } from './exchange-format.js';
import { faissFormat } from './faiss-format.js';
import { jsonlFormat } from './jsonl-format.js';
import { npyFormat } from './npy-format.js';

/** The forms that collections are exported to and imported from, by name. */
export const exchangeFormats: Readonly<Record<ExchangeFormatName, ExchangeFormat>> = {
  jsonl: jsonlFormat,
  csv: csvFormat,
  arrow: arrowFormat,
  npy: npyFormat,
  faiss: faissFormat,
};
