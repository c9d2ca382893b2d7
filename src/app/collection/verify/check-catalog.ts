import type { Collection } from '../../../collection/collection.js';
import { type Found, mostExamples } from './finding.js';
import { imageNames } from './image-names.js';

/** What belongs to an image, model or source that is not there. Foreign keys keep that from happening, but not other programs. */
const orphans = [
  ['vectors', 'NOT EXISTS (SELECT 1 FROM images WHERE images.id = vectors.image)'],
  ['vectors', 'NOT EXISTS (SELECT 1 FROM models WHERE models.id = vectors.model)'],
  ['previews', 'NOT EXISTS (SELECT 1 FROM images WHERE images.id = previews.image)'],
  ['failures', 'NOT EXISTS (SELECT 1 FROM sources WHERE sources.id = failures.source)'],
] as const;

/** Whether SQLite finds the file sound, and its rows belong together. */
export function checkCatalog({ catalog }: Collection): Found[] {
  const { db } = catalog;
  const messages = db.rows<[string]>('PRAGMA integrity_check').map(([message]) => message);
  const found: Found[] = [];
  if (messages[0] !== 'ok')
    found.push({
      kind: 'catalog-damaged',
      count: messages.length,
      examples: messages.slice(0, mostExamples),
    });
  const broken = db.rows<[string, number | null, string]>('PRAGMA foreign_key_check');
  if (broken.length > 0)
    found.push({
      kind: 'rows-orphaned',
      count: broken.length,
      examples: broken
        .slice(0, mostExamples)
        .map(([table, row, parent]) => `row ${row} of ${table}, without its row of ${parent}`),
      // An image without its source cannot be mended so: it is more than its row.
      fix: () => {
        catalog.write(() => {
          for (const [table, where] of orphans) db.run(`DELETE FROM ${table} WHERE ${where}`);
        });
        return 'mended';
      },
    });
  return found;
}

/** Images that are there, but without what every image has. */
export function checkImages(collection: Collection): Found[] {
  const { catalog, model, vectors } = collection;
  const found: Found[] = [];
  const without = vectors.countWithout();
  if (without > 0)
    found.push({
      kind: 'images-without-vector',
      count: without,
      examples: imageNames(collection, vectors.imagesWithout(mostExamples)),
      ...(model.hasFile && {
        fix: () => {
          catalog.write(() => catalog.images.forgetStates(vectors.imagesWithout(Number.MAX_SAFE_INTEGER)));
          return 'queued' as const;
        },
      }),
    });
  const withoutPreview =
    'images.missing_since IS NULL AND NOT EXISTS (SELECT 1 FROM previews WHERE image = images.id AND thumbnail IS NOT NULL)';
  const previews = catalog.images.count({ sql: withoutPreview, params: [] });
  if (previews > 0)
    found.push({
      kind: 'images-without-preview',
      count: previews,
      examples: catalog.images
        .page({ sql: withoutPreview, params: [] }, { limit: mostExamples })
        .map(({ name }) => name),
    });
  return found;
}
