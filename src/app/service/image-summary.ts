import type { ImageSummary } from '../../api/index.js';
import type { ImageRecord } from '../../collection/catalog/image-record.js';
import type { Collection } from '../../collection/collection.js';

/** Characters of a hash that tell pixels from others that were at the same place. */
const versionLength = 16;

/** What a grid shows of an image. */
export function imageSummary({ id, name, label, width, height, sha256 }: ImageRecord): ImageSummary {
  return { id, name, label, width, height, version: sha256?.slice(0, versionLength) ?? '0' };
}

/** Those of some images, as they are now, by id; what is not there any more is left out. */
export function summariesOf(
  { catalog }: Pick<Collection, 'catalog'>,
  ids: readonly number[],
): Map<number, ImageSummary> {
  return new Map(
    catalog.images
      .byId([...new Set(ids)])
      .filter(({ missingSince }) => missingSince === null)
      .map((image) => [image.id, imageSummary(image)]),
  );
}
