import type { imageOrders } from '../../../api/index.js';
import { UntilWritten } from '../../../collection/catalog/until-written.js';
import { type Filter, FilteredIds, type FilteredImages } from '../../../collection/filters/index.js';
import type { ServiceContext } from '../context.js';

export type ImageOrder = (typeof imageOrders)[number];

/** What an order goes by, the least first; on ties the lower id. */
const orderedBy = {
  name: 'images.name',
  label: 'images.label IS NULL, images.label',
  addedAt: 'images.added_at',
} as const satisfies Partial<Record<ImageOrder, string>>;

const mostRemembered = 8;

/**
 * The ids of images that meet filters, in any order, remembered for as long as nobody writes to the catalog: a page of a
 * list, however far down, is a stretch of one that is there.
 *
 * An order is worked out once for all images, and what a filter holds of is picked from it.
 */
export class ImageSets {
  readonly #filtered: FilteredIds;
  /** Of all images by their name, label or date. */
  readonly #orders: UntilWritten<Uint32Array>;
  readonly #ordered: UntilWritten<Uint32Array>;

  constructor(private readonly context: Pick<ServiceContext, 'collection'>) {
    const { catalog } = context.collection;
    this.#filtered = new FilteredIds(catalog);
    this.#orders = new UntilWritten(catalog, mostRemembered);
    this.#ordered = new UntilWritten(catalog, mostRemembered);
  }

  /** Of the images that are there, those that a filter holds of; all where there is none. */
  meeting(filter: Filter | undefined): FilteredImages {
    return this.#filtered.of(filter ?? { kind: 'and', filters: [] });
  }

  /** The same in an order. @param ids ascending; what `meeting` gave for the filter */
  inOrder(ids: Uint32Array, filter: string, order: ImageOrder): Uint32Array {
    const isReversed = order.startsWith('-');
    const by = order.replace('-', '') as 'id' | keyof typeof orderedBy;
    if (by === 'id' && !isReversed) return ids;
    const key = `${order} ${filter}`;
    const known = this.#ordered.get(key);
    if (known) return known;
    const ordered = by === 'id' ? ids.slice() : picked(ids, this.#orderOf(by));
    if (isReversed) ordered.reverse();
    this.#ordered.set(key, ordered);
    return ordered;
  }

  #orderOf(by: keyof typeof orderedBy): Uint32Array {
    const known = this.#orders.get(by);
    if (known) return known;
    const { db } = this.context.collection.catalog;
    const ids = db.json<number>('id', `(SELECT images.id FROM images ORDER BY ${orderedBy[by]}, images.id)`);
    const order = Uint32Array.from(ids);
    this.#orders.set(by, order);
    return order;
  }
}

/** @param ids ascending @param order some of which these are */
function picked(ids: Uint32Array, order: Uint32Array): Uint32Array {
  const last = ids.at(-1) ?? 0;
  const isPicked = new Uint8Array(last + 1);
  for (const id of ids) isPicked[id] = 1;
  return order.filter((id) => isPicked[id] === 1);
}

export function imageSets(context: ServiceContext): ImageSets {
  return new ImageSets(context);
}
