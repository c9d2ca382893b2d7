import type { ImageRecord } from '../../../collection/catalog/image-record.js';
import { ImagekinError } from '../../../core/errors.js';
import type { ServiceContext } from '../context.js';

/** @throws `image-not-found` */
export function requireImage({ name, collection }: ServiceContext, id: number): ImageRecord {
  const [image] = collection.catalog.images.byId([id]);
  if (image) return image;
  throw noImage(name, id);
}

export function noImage(collection: string, id: number): ImagekinError {
  return new ImagekinError('image-not-found', {
    where: `image ${id}`,
    expected: `an image of ${collection}`,
    got: 'none of this id, perhaps as it was removed',
    fix: 'take an id that a list or a search has shown',
  });
}
