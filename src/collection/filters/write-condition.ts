import { type Field, fieldName } from './field.js';
import type { FilterValue } from './filter.js';

/** Text that is read as itself, whatever field it is compared with. */
const plain = /^\p{L}[\p{L}\p{N}_-]*$/u;
const meansMore = /^(true|false|null)$/i;

/**
 * The condition that a field has a value, or none, as it is written in a filter: `label = cat`, `maker = "A ""good"" one"`,
 * `missing(label)`.
 */
export function writeCondition(field: Field, value: FilterValue | null): string {
  const name = fieldName(field);
  return value === null ? `missing(${name})` : `${name} = ${written(value)}`;
}

function written(value: FilterValue): string {
  if (typeof value !== 'string') return String(value);
  return plain.test(value) && !meansMore.test(value) ? value : `"${value.replaceAll('"', '""')}"`;
}
