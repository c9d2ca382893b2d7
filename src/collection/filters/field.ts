/** How the values of a column compare. */
export type ColumnType =
  | 'text'
  | 'number'
  /** Text of ISO 8601, in UTC. */
  | 'date'
  /** Milliseconds since 1970. */
  | 'time';

/** What may be asked of the catalog's own columns, and where they stand. */
export const columns = {
  id: { type: 'number', sql: 'images.id' },
  path: { type: 'text', sql: 'images.path' },
  name: { type: 'text', sql: 'images.name' },
  label: { type: 'text', sql: 'images.label' },
  split: { type: 'text', sql: 'images.split' },
  width: { type: 'number', sql: 'images.width' },
  height: { type: 'number', sql: 'images.height' },
  size: { type: 'number', sql: 'images.size' },
  format: { type: 'text', sql: 'images.format' },
  addedAt: { type: 'date', sql: 'images.added_at' },
  modifiedAt: { type: 'time', sql: 'images.mtime' },
} as const satisfies Record<string, { readonly type: ColumnType; readonly sql: string }>;

export type ColumnName = keyof typeof columns;

/** What is asked of an image: a column, or the metadata's value under some keys, each within the one before. */
export type Field = { readonly column: ColumnName } | { readonly keys: readonly string[] };

/** Before the keys of metadata that are called as a column is. */
const metadataPrefix = 'metadata';

/** The field of a path of keys, as `gps.lat` has two: a column where it is one's name, or else metadata. */
export function fieldOf(keys: readonly string[]): Field {
  const [first, ...rest] = keys;
  if (rest.length === 0 && Object.hasOwn(columns, first!)) return { column: first as ColumnName };
  if (rest.length > 0 && first === metadataPrefix) return { keys: rest };
  return { keys };
}

/** How a field is written. */
export function fieldName(field: Field): string {
  return 'column' in field ? field.column : field.keys.map(written).join('.');
}

function written(key: string): string {
  return /^[\p{L}\p{N}_:/@#$%+-]+$/u.test(key) ? key : `\`${key.replaceAll('`', '``')}\``;
}
