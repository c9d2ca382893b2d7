import type { ImageDetails } from '../../../api/index.js';
import { type ImageRecord, modifiedAt, shownPath } from '../../../collection/catalog/image-record.js';
import type { ServiceContext } from '../context.js';
import { summaryOf } from '../image-summary.js';
import { hasOriginal, rootsOf } from './originals.js';

/** All that is known of some images, as `find` has them in one state of the catalog. */
export async function imageDetails(
  context: ServiceContext,
  find: () => readonly ImageRecord[],
): Promise<ImageDetails[]> {
  const { catalog, vectors } = context.collection;
  const found = catalog.db.snapshot(() => {
    const specs = new Map(catalog.sources.all().map(({ number, spec }) => [number, spec]));
    return find().map((record) => ({
      record,
      edited: catalog.edits.has(record.id),
      hasVector: vectors.has(record.id),
      source: specs.get(record.source)!,
    }));
  });
  const roots = rootsOf(context);
  return Promise.all(
    found.map(async ({ record, edited, hasVector, source }) => ({
      ...summaryOf(record),
      path: shownPath(record),
      source,
      split: record.split,
      bytes: record.size,
      format: record.format,
      sha256: record.sha256,
      addedAt: record.addedAt,
      modifiedAt: modifiedAt(record),
      missingSince: record.missingSince,
      metadata: record.metadata,
      edited,
      hasOriginal: record.missingSince === null && (await hasOriginal(record, roots)),
      hasVector,
    })),
  );
}
