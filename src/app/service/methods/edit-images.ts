import type { ImagesChanged, ImagesEdit } from '../../../api/index.js';
import { ImagekinError } from '../../../core/errors.js';
import type { ServiceMethod } from '../context.js';

/** Of metadata that is laid over that of images, as JSON: each of very many gets a copy. */
const mostMetadata = 65_536;

/**
 * Sets label, split or metadata of images by hand, all of it at once; sources do not set them back. Ids that there are not are
 * left out. A label or split of no letters is none.
 * @throws `wrong-usage` where there is very much metadata
 */
export const editImages: ServiceMethod<ImagesEdit, ImagesChanged> = (
  { collection: { catalog } },
  { ids, label, split, metadata },
) => {
  requireShort(metadata);
  return {
    images: catalog.write(() =>
      catalog.edits.set(ids, {
        ...(label !== undefined && { label: label || null }),
        ...(split !== undefined && { split: split || null }),
        ...(metadata !== undefined && { metadata }),
      }),
    ),
  };
};

function requireShort(metadata: object | undefined): void {
  const { length } = JSON.stringify(metadata ?? {});
  if (length <= mostMetadata) return;
  throw new ImagekinError('wrong-usage', {
    where: 'metadata',
    expected: `at most ${mostMetadata} characters as JSON`,
    got: `${length}`,
    fix: 'keep what is long elsewhere, and its address here',
  });
}
