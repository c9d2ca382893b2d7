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
const kept = new Map<string, Kept>();
const keptAtMost = 4;

type List = FoundItems | PagedItems<ImageSummary>;

interface Kept {
  readonly list: List;
  /** The collection. */
  readonly of: string;
  /** Of the content that it was made of. */
  readonly version: number;
}

/** @param make is given the list that stood there before the content changed, if it is known still */
function keep<T extends List>(
  key: string,
  of: string,
  version: number,
  make: (before: T | undefined) => T,
): T {
  const known = kept.get(key) as (Kept & { readonly list: T }) | undefined;
  // One that failed is no use to who comes back.
  const good = known?.version === version && !known.list.failure.peek();
  const list = good ? known.list : make(known?.list);
  kept.delete(key);
  kept.set(key, { list, of, version });
  for (const [oldest, each] of kept) {
    if (kept.size <= keptAtMost) break;
    kept.delete(oldest);
    each.list.dispose();
  }
  return list;
}

function keyOf(kind: string, collection: string, params: URLSearchParams, names: readonly string[]) {
  return JSON.stringify([kind, collection, ...names.map((name) => params.get(name))]);
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
  return keep<FoundItems>(
    keyOf('search', collection, params, searchParams),
    collection,
    version,
    // As many as there were: who has scrolled far stays there when a label is changed.
    (before) => new FoundItems(collection, request, filesOf(query), before?.found),
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
  return keep(keyOf('browse', collection, params, browseParams), collection, version, () => {
    const items: PagedItems<ImageSummary> & { hints?: readonly string[] } = new PagedItems<ImageSummary>(
      async (offset, limit, signal) => {
        const page = await api.images(collection, { ...query, offset, limit }, signal);
        noteSeen(collection, page.images);
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

/** Shows everywhere what has become of images of a collection, without asking again. */
export function changeEverywhere(collection: string, replace: (image: ImageSummary) => ImageSummary): void {
  for (const { list, of } of kept.values()) if (of === collection) list.change(replace);
}
