import type { ImagesChanged, ImagesEdit } from '../../../api/index.js';
import type { ServiceMethod } from '../context.js';

/**
 * Sets label, split or metadata of images by hand, all of it at once; sources do not set them back. Ids that there are not are
 * left out. A label or split of no letters is none.
 */
export const editImages: ServiceMethod<ImagesEdit, ImagesChanged> = (
  { collection: { catalog } },
  { ids, label, split, metadata },
) => ({
  images: catalog.write(() =>
    catalog.edits.set(ids, {
      ...(label !== undefined && { label: label || null }),
      ...(split !== undefined && { split: split || null }),
      ...(metadata !== undefined && { metadata }),
    }),
  ),
});
