import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Catalog } from '../../../collection/catalog/catalog.js';
import { jsonParameter, type SqlCondition } from '../../../collection/catalog/database.js';
import {
  type ColumnType,
  columns,
  compileFilter,
  type Field,
  type Filter,
  type FilterValue,
} from '../../../collection/filters/index.js';
import { comparable, metadataOf, valueAt } from './facet-keys.js';

export interface CountedValue {
  /** `null` of images without one. */
  readonly value: FilterValue | null;
  readonly images: number;
}

/** Values with their images, those of the most first. */
export interface CountedField {
  readonly field: Field;
  readonly values: readonly CountedValue[];
  readonly more: boolean;
}

/** Some images: their ids ascending, and what all of them and no others meet. */
export interface CountedImages {
  readonly ids: Uint32Array;
  readonly filter: Filter | undefined;
}

/** So few are looked up by their ids; of more, all that meet the filter are gone through. */
const fewImages = 50_000;

const expressions: Readonly<Record<ColumnType, (column: string) => string>> = {
  text: (column) => column,
  number: (column) => column,
  // By the day.
  date: (column) => `substr(${column}, 1, 10)`,
  time: (column) => `strftime('%Y-%m-%d', ${column} / 1000.0, 'unixepoch')`,
};

/** How many of some images have which value in a column. */
export function countColumn(
  { db }: Catalog,
  field: Extract<Field, { column: unknown }>,
  { ids, filter }: CountedImages,
  limit: number,
): CountedField {
  const { sql, type } = columns[field.column];
  const among: SqlCondition = filter ? compileFilter(filter) : { sql: 'true', params: [] };
  const [from, params] =
    ids.length <= fewImages
      ? [
          'json_each(?) AS wanted CROSS JOIN images ON images.id = wanted.value',
          [jsonParameter(Array.from(ids))],
        ]
      : [`images WHERE images.missing_since IS NULL AND ${among.sql}`, among.params];
  const rows = db.rows<[FilterValue | null, number]>(
    `SELECT ${expressions[type](sql)} AS facet, count(*) AS n FROM ${from} GROUP BY facet ORDER BY n DESC, facet LIMIT ?`,
    ...params,
    limit + 1,
  );
  const values = rows.slice(0, limit).map(([value, images]) => ({ value, images }));
  return { field, values, more: rows.length > limit };
}

/** Images at a time, between which others are answered. */
const blockLength = 5000;
/** Values of a key that are told apart; further ones are not counted. */
const mostValues = 100_000;

/** How many of some images have which values under some keys of their metadata, all in one walk. */
export async function countMetadata(
  catalog: Catalog,
  fields: readonly Extract<Field, { keys: unknown }>[],
  { ids }: Pick<CountedImages, 'ids'>,
  limit: number,
  signal?: AbortSignal,
): Promise<CountedField[]> {
  const counts = fields.map(() => ({ values: new Map<FilterValue, number>(), images: 0, isCut: false }));
  if (fields.length > 0)
    for (let at = 0; at < ids.length; at += blockLength) {
      if (at > 0) await nextTurn();
      signal?.throwIfAborted();
      for (const metadata of metadataOf(catalog, ids.subarray(at, at + blockLength)))
        for (const [i, { keys }] of fields.entries()) {
          const count = counts[i]!;
          const there = valueAt(metadata, keys);
          // A list of nothing is there all the same.
          if (there !== null) count.images++;
          for (const value of comparable(there))
            if (count.values.has(value) || count.values.size < mostValues)
              count.values.set(value, (count.values.get(value) ?? 0) + 1);
            else count.isCut = true;
        }
    }
  return fields.map((field, i) => {
    const { values, images, isCut } = counts[i]!;
    const all: CountedValue[] = [...values].map(([value, n]) => ({ value, images: n }));
    if (images < ids.length) all.push({ value: null, images: ids.length - images });
    all.sort((a, b) => b.images - a.images || compared(a.value, b.value));
    return { field, values: all.slice(0, limit), more: isCut || all.length > limit };
  });
}

function compared(a: FilterValue | null, b: FilterValue | null): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return String(a) < String(b) ? -1 : 1;
}
