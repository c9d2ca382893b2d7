import type { ImageDetails } from '../../../api/index.js';
import { placeKey } from '../../../collection/catalog/image-record.js';
import type { ServiceMethod } from '../context.js';
import { imageVersion } from '../image-summary.js';
import { hasOriginal } from '../images/originals.js';
import { requireImage } from '../images/require-image.js';

/** All that is known of an image. */
export const image: ServiceMethod<{ readonly id: number }, ImageDetails> = async (context, { id }) => {
  const { catalog } = context.collection;
  const { record, hasVector, edited, source } = catalog.db.snapshot(() => {
    const record = requireImage(context, id);
    return {
      record,
      edited: catalog.edits.has(id),
      hasVector: context.collection.vectors.has(id),
      source: catalog.sources.all().find(({ number }) => number === record.source)!.spec,
    };
  });
  const { name, label, width, height, split, size, format, sha256, addedAt, mtime, missingSince, metadata } =
    record;
  return {
    id,
    name,
    label,
    width,
    height,
    version: imageVersion(record),
    path: placeKey(record).replace('\0', '/'),
    source,
    split,
    bytes: size,
    format,
    sha256,
    addedAt,
    modifiedAt: mtime === null ? null : new Date(mtime).toISOString(),
    missingSince,
    metadata,
    edited,
    hasOriginal: missingSince === null && (await hasOriginal(context, record)),
    hasVector,
  };
};
