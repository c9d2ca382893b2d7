import type { Catalog } from '../../../collection/catalog/catalog.js';
import { jsonParameter } from '../../../collection/catalog/database.js';
import type { Field, FilterValue } from '../../../collection/filters/index.js';

/** Images that are looked at; all of a collection mostly have the same keys. */
const sampled = 2000;
/** More values are no choice, and as much text is no name. */
const mostValues = 50;
const longestText = 100;
const mostKeys = 10;

/**
 * The keys of metadata that are worth choosing by: those with few values, each of several images. Lists count by what is in them,
 * objects by their own keys.
 * @param ids of the images among which to look
 */
export function facetKeys(catalog: Catalog, ids: Uint32Array): Field[] {
  const step = Math.max(1, Math.ceil(ids.length / sampled));
  const some = ids.filter((_, i) => i % step === 0);
  const found = new Map<
    string,
    { readonly keys: string[]; images: number; readonly values: Set<FilterValue> }
  >();
  for (const metadata of metadataOf(catalog, some))
    for (const [keys, values] of valuesByKeys(metadata)) {
      const name = JSON.stringify(keys);
      const facts = found.get(name) ?? { keys, images: 0, values: new Set() };
      found.set(name, facts);
      facts.images++;
      for (const value of values) if (facts.values.size <= mostValues) facts.values.add(value);
    }
  const least = Math.max(2, some.length / 100);
  return [...found.values()]
    .filter(
      ({ images, values }) =>
        images >= least &&
        values.size > 0 &&
        values.size <= Math.min(mostValues, Math.max(2, images / 2)) &&
        ![...values].some((value) => typeof value === 'string' && value.length > longestText),
    )
    .sort((a, b) => b.images - a.images)
    .slice(0, mostKeys)
    .map(({ keys }) => ({ keys }));
}

/** The metadata of some images, without that of images that have none. */
export function metadataOf({ db }: Catalog, ids: Uint32Array): Record<string, unknown>[] {
  // As it stands there: it was found to be JSON when it was written.
  const [text] = db.row<[string | null]>(
    `SELECT group_concat(images.metadata) FROM json_each(?) AS wanted
     CROSS JOIN images ON images.id = wanted.value WHERE images.metadata <> '{}'`,
    jsonParameter(Array.from(ids)),
  )!;
  return text === null ? [] : JSON.parse(`[${text}]`);
}

/** What there is in the metadata under some keys; `null` for nothing. */
export function valueAt(metadata: unknown, keys: readonly string[]): unknown {
  let value = metadata;
  for (const key of keys) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return null;
    value = (value as Record<string, unknown>)[key];
  }
  return value;
}

/** What of it a filter can compare with: the value, or each one of a list. */
export function comparable(value: unknown): FilterValue[] {
  return Array.isArray(value) ? [...new Set(value.filter(isComparable))] : isComparable(value) ? [value] : [];
}

function isComparable(value: unknown): value is FilterValue {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

function* valuesByKeys(metadata: Record<string, unknown>): Generator<[string[], FilterValue[]]> {
  for (const [key, value] of Object.entries(metadata))
    if (typeof value !== 'object' || value === null || Array.isArray(value)) yield [[key], comparable(value)];
    else for (const [below, inner] of Object.entries(value)) yield [[key, below], comparable(inner)];
}
