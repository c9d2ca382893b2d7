import type { ImageSummary } from '../../../api/index.js';
import type { Catalog } from '../../../collection/catalog/catalog.js';
import { jsonParameter } from '../../../collection/catalog/database.js';
import { summariesOf } from '../image-summary.js';

/** Those of some images whose files are there, by id, as they are now. */
export function presentSummaries(catalog: Catalog, ids: readonly number[]): Map<number, ImageSummary> {
  const there = catalog.images.ids({
    sql: 'images.missing_since IS NULL AND images.id IN (SELECT value FROM json_each(?))',
    params: [jsonParameter(ids)],
  });
  return new Map(summariesOf(catalog, there).map((summary) => [summary.id, summary]));
}
