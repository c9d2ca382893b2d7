import type { ImagesPage, ImagesQuery } from '../../../api/index.js';
import { absent, everything, present } from '../../../collection/catalog/image-table.js';
import { compileFilter, readFilter } from '../../../collection/filters/index.js';
import { filterHints } from '../../collection/search/filter-hints.js';
import type { ServiceMethod } from '../context.js';
import { summaryList } from '../image-summary.js';
import { imageSets } from '../images/image-sets.js';
import { kept } from '../kept.js';

/** Images before a page that are quicker stepped over than all ids read. */
const fewBefore = 1000;

/** A page of the images that meet a filter. */
export const images: ServiceMethod<ImagesQuery, ImagesPage> = (context, query) => {
  const { filter = '', missing = false, order = 'id', offset = 0, limit = 100 } = query;
  const { catalog } = context.collection;
  // A box that was emptied asks for all.
  const asked = filter.trim() === '' ? undefined : readFilter(filter);
  return catalog.db.snapshot(() => {
    if (asked === undefined && !missing && order === 'id' && offset < fewBefore) return firstOnes();
    const sets = kept(context, imageSets);
    const { ids, unknownKeys } = missing ? missingOnes() : sets.meeting(asked);
    const ordered = sets.inOrder(ids, `${missing} ${filter.trim()}`, order);
    return {
      total: ids.length,
      offset,
      images: summaryList(context.collection, ordered.subarray(offset, offset + limit)),
      hints: filterHints(unknownKeys),
    };
  });

  /** What is seen first, and while images are being added: there is no need to know all of them. */
  function firstOnes(): ImagesPage {
    const { sql, params } = present;
    const ids = catalog.db.json<number>(
      'id',
      `(SELECT images.id FROM images WHERE ${sql} ORDER BY images.id LIMIT ? OFFSET ?)`,
      ...params,
      limit,
      offset,
    );
    // Each of the two is counted in an index that is short.
    const total = catalog.images.count(everything) - catalog.images.count(absent);
    return { total, offset, images: summaryList(context.collection, ids), hints: [] };
  }

  /** Rarely asked for, and found by an index of their own. */
  function missingOnes() {
    const { sql, params } = asked ? compileFilter(asked) : everything;
    const where = { sql: `${absent.sql} AND (${sql})`, params };
    return { ids: catalog.images.ids(where), unknownKeys: [] };
  }
};
