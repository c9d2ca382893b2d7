import type { ImageRecord } from '../../collection/catalog/image-record.js';
import type { ImageLocation } from '../../image/image-location.js';

/** Where the file of an image lies; `undefined` of one that is no file, as those of `cifar10`. */
export function recordLocation({
  path,
  entry,
  archived,
}: Pick<ImageRecord, 'path' | 'entry' | 'archived'>): ImageLocation | undefined {
  if (entry === '') return path;
  return archived === null ? undefined : { archive: path, name: entry, ...JSON.parse(archived) };
}
