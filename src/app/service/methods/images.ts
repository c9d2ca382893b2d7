import type { ImagesPage, ImagesQuery } from '../../../api/index.js';
import { everything } from '../../../collection/catalog/image-table.js';
import { compileFilter, readFilter } from '../../../collection/filters/index.js';
import type { ServiceMethod } from '../context.js';
import { summaryList } from '../image-summary.js';
import { filterHints } from '../images/filter-hints.js';
import { imageSets } from '../images/image-sets.js';
import { kept } from '../kept.js';

/** A page of the images that meet a filter. */
export const images: ServiceMethod<ImagesQuery, ImagesPage> = (context, query) => {
  const { filter = '', missing = false, order = 'id', offset = 0, limit = 100 } = query;
  const { catalog } = context.collection;
  // A box that was emptied asks for all.
  const asked = filter.trim() === '' ? undefined : filter;
  return catalog.db.snapshot(() => {
    const sets = kept(context, imageSets);
    const { ids, unknownKeys } = missing ? missingOnes(asked) : sets.meeting(asked);
    const ordered = sets.inOrder(ids, `${missing} ${asked ?? ''}`, order);
    return {
      total: ids.length,
      offset,
      images: summaryList(context.collection, ordered.subarray(offset, offset + limit)),
      hints: filterHints(unknownKeys),
    };
  });

  /** Rarely asked for, and found by an index of their own. */
  function missingOnes(text: string | undefined) {
    const read = readFilter(text);
    const { sql, params } = read ? compileFilter(read) : everything;
    const where = { sql: `images.missing_since IS NOT NULL AND (${sql})`, params };
    return { ids: catalog.images.ids(where), unknownKeys: [] };
  }
};
