import type { Facets, FacetsQuery } from '../../../api/index.js';
import {
  type Field,
  fieldName,
  readFields,
  readFilter,
  writeCondition,
} from '../../../collection/filters/index.js';
import { ImagekinError } from '../../../core/errors.js';
import type { ServiceContext, ServiceMethod } from '../context.js';
import { type CountedField, countColumn, countMetadata } from '../images/count-values.js';
import { facetKeys } from '../images/facet-keys.js';
import { imageSets } from '../images/image-sets.js';
import { kept } from '../kept.js';

const mostRemembered = 32;

/** What took longer to count is given again for so many times as long, though something has been written since. */
const longMs = 250;
const times = 4;

/**
 * How many images have which values. Remembered for as long as nobody writes to the catalog; and for some seconds longer where
 * there are very many images, or whoever looks while some are being added would have nothing else be answered.
 */
export const facets: ServiceMethod<FacetsQuery, Facets> = async (context, query, { signal }) => {
  const { filter = '', fields = '', limit = 50 } = query;
  const state = context.collection.catalog.state();
  const known = kept(context, rememberedFacets);
  const key = JSON.stringify([filter.trim(), fields.trim(), limit]);
  const before = known.get(key);
  if (before && (before.state === state || performance.now() < before.until)) return before.facets;
  const startedAt = performance.now();
  const found = await count(context, filter.trim(), fields.trim(), limit, signal);
  known.delete(key);
  if (known.size >= mostRemembered) known.delete(known.keys().next().value!);
  const now = performance.now();
  known.set(key, { state, facets: found, until: now + lateMs(now - startedAt) });
  return found;
};

interface Remembered {
  readonly state: string;
  readonly facets: Facets;
  /** Given until then, whatever is written. */
  readonly until: number;
}

function rememberedFacets(_: ServiceContext) {
  return new Map<string, Remembered>();
}

function lateMs(tookMs: number): number {
  return tookMs > longMs ? times * tookMs : 0;
}

async function count(
  context: ServiceContext,
  filter: string,
  fields: string,
  limit: number,
  signal: AbortSignal | undefined,
): Promise<Facets> {
  const { catalog } = context.collection;
  const asked = filter === '' ? undefined : readFilter(filter);
  const sets = kept(context, imageSets);
  const images = { ids: sets.meeting(asked).ids, filter: asked };
  const wanted = fields === '' ? defaultFields(context) : readFields(fields).map(requireChoice);
  const byMetadata = await countMetadata(
    catalog,
    wanted.filter((field) => 'keys' in field),
    images,
    limit,
    signal,
  );
  const counted = wanted.map((field) =>
    'column' in field ? countColumn(catalog, field, images, limit) : byMetadata.shift()!,
  );
  return {
    total: images.ids.length,
    facets: counted
      // Where all images have none, there is nothing to choose by.
      .filter(({ values }) => fields !== '' || values.some(({ value }) => value !== null))
      .map(facetOf),
  };
}

function defaultFields(context: ServiceContext): Field[] {
  const all = kept(context, imageSets).meeting(undefined).ids;
  return [
    { column: 'label' },
    { column: 'split' },
    { column: 'format' },
    ...facetKeys(context.collection.catalog, all),
  ];
}

function facetOf({ field, values, more }: CountedField): Facets['facets'][number] {
  return {
    field: fieldName(field),
    values: values.map(({ value, images }) => ({
      value: value === null ? null : String(value),
      images,
      filter: writeCondition(field, value),
    })),
    more,
  };
}

/** Of these every image has its own. */
const unshared: readonly string[] = ['id', 'path', 'name'];

function requireChoice(field: Field): Field {
  if (!('column' in field) || !unshared.includes(field.column)) return field;
  throw new ImagekinError('wrong-usage', {
    where: 'fields',
    expected: 'fields whose values many images share',
    got: field.column,
    fix: `take it away; search for it by a filter: ${field.column} ~ "*…*"`,
  });
}
