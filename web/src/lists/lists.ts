import { api, type ImageSummary, type ImagesQuery, type SearchRequest } from '../api.js';
import { type GridItems, PagedItems } from '../grid/items.js';
import { choice, optionalNumber, text } from '../params.js';
import { foldCodec } from '../query/fold.js';
import { filesOf, queryCodec, requestOf } from '../query/query.js';
import { noteSeen } from '../query/query-picture.js';
import { FoundItems } from './found-items.js';

export const orders = ['id', '-id', 'name', '-name', 'label', '-label', '-addedAt', 'addedAt'] as const;

/** How what lists are made of stands in addresses. */
export const listCodecs = {
  q: queryCodec,
  where: text,
  min: optionalNumber(-1, 1, 4),
  diversity: optionalNumber(0, 1, 2),
  fold: foldCodec,
  order: choice(orders),
} as const;

const searchParams = ['q', 'where', 'min', 'diversity', 'fold'] as const;
const browseParams = ['where', 'order', 'missing'] as const;

/** Lists that were made last: who comes back to one finds it as it was left, and at the same place. */
const kept = new Map<string, FoundItems | PagedItems<ImageSummary>>();
const keptAtMost = 4;

function keep<T extends FoundItems | PagedItems<ImageSummary>>(key: string, make: () => T): T {
  const known = kept.get(key) as T | undefined;
  // One that failed is no use to who comes back.
  const items = known && !known.failure.peek() ? known : make();
  kept.delete(key);
  kept.set(key, items);
  for (const [oldest, list] of kept) {
    if (kept.size <= keptAtMost) break;
    kept.delete(oldest);
    list.dispose();
  }
  return items;
}

function keyOf(
  kind: string,
  collection: string,
  version: number,
  params: URLSearchParams,
  names: readonly string[],
) {
  return JSON.stringify([kind, collection, version, ...names.map((name) => params.get(name))]);
}

/** Results of the search of an address; `undefined` where it asks for nothing. `version` is that of the content. */
export function foundOf(
  collection: string,
  params: URLSearchParams,
  version: number,
): FoundItems | undefined {
  const query = queryCodec.read(params.get('q'));
  const [where, min, diversity] = [
    params.get('where'),
    listCodecs.min.read(params.get('min')),
    listCodecs.diversity.read(params.get('diversity')),
  ];
  const options: Omit<SearchRequest, 'like' | 'unlike'> = {
    ...(where && { where }),
    ...(min !== undefined && { minScore: min }),
    ...(diversity !== undefined && { diversity }),
    fold: foldCodec.read(params.get('fold')),
  };
  const request = requestOf(query, options);
  if (!request) return undefined;
  return keep(
    keyOf('search', collection, version, params, searchParams),
    () => new FoundItems(collection, request, filesOf(query)),
  );
}

/** Images of the collection, as an address filters and orders them. */
export function browsedOf(
  collection: string,
  params: URLSearchParams,
  version: number,
): PagedItems<ImageSummary> {
  const where = params.get('where');
  const query: ImagesQuery = {
    order: listCodecs.order.read(params.get('order')),
    ...(where && { filter: where }),
    ...(params.get('missing') === '1' && { missing: true }),
  };
  return keep(keyOf('browse', collection, version, params, browseParams), () => {
    const items: PagedItems<ImageSummary> & { hints?: readonly string[] } = new PagedItems<ImageSummary>(
      async (offset, limit, signal) => {
        const page = await api.images(collection, { ...query, offset, limit }, signal);
        noteSeen(page.images);
        items.hints = page.hints;
        return { items: page.images, total: page.total };
      },
    );
    return items;
  });
}

/** The list that an image was opened from, of the parameters of its address. */
export function listOf(
  collection: string,
  params: URLSearchParams,
  version: number,
): GridItems<ImageSummary> | undefined {
  if (params.get('in') === 'search') return foundOf(collection, params, version);
  return params.get('in') === 'browse' ? browsedOf(collection, params, version) : undefined;
}

/** Shows everywhere what has become of images, without asking again. */
export function changeEverywhere(replace: (image: ImageSummary) => ImageSummary): void {
  for (const list of kept.values()) list.change(replace);
}
