import type { Catalog } from '../catalog/catalog.js';
import { jsonPath } from './compile-filter.js';
import { columns, fieldName } from './field.js';
import { type Filter, fieldsOf } from './filter.js';
import { nearestName } from './nearest-name.js';

/** A key that a filter asks for and no image has. */
export interface UnknownKey {
  readonly name: string;
  /** What may have been meant: another key, or a column. */
  readonly meant?: string;
}

/** Keys are looked for in so many images; all of a collection mostly have the same. */
const sampled = 5000;

/** The keys of a filter that no image of the catalog has: it holds of none for them, and most likely they are misspelt. */
export function unknownKeys(catalog: Catalog, filter: Filter): UnknownKey[] {
  const unknown = fieldsOf(filter).flatMap((field) =>
    'keys' in field && !has(catalog, field.keys) ? [field] : [],
  );
  if (unknown.length === 0) return [];
  const known = [...Object.keys(columns), ...keysOf(catalog)];
  return unknown.map((field) => {
    const name = fieldName(field);
    return { name, meant: nearestName(name, known) };
  });
}

function has(catalog: Catalog, keys: readonly string[]): boolean {
  const found = catalog.db.row<[number]>(
    'SELECT EXISTS (SELECT 1 FROM images WHERE json_type(metadata, ?) IS NOT NULL)',
    jsonPath(keys),
  );
  return found![0] === 1;
}

/** Keys of the metadata, and those one below, as filters write them. */
function keysOf({ db }: Catalog): string[] {
  const pairs = db.rows<[string, string | null]>(
    `SELECT DISTINCT outer.key, CASE outer.type WHEN 'object' THEN inner.key END
     FROM (SELECT metadata FROM images LIMIT ?) AS images, json_each(images.metadata) AS outer
     LEFT JOIN json_each(CASE outer.type WHEN 'object' THEN outer.value END) AS inner`,
    sampled,
  );
  return pairs.map(([key, below]) => fieldName({ keys: below === null ? [key] : [key, below] }));
}
