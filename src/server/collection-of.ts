import { Type } from '@sinclair/typebox';
import type { CollectionService } from '../app/service/collection-service.js';
import { ImagekinError } from '../core/errors.js';
import type { Served } from './api-server.js';

/** What all addresses below a collection have. */
export const CollectionParams = Type.Object({
  collection: Type.String({ description: 'Name of a collection, as `/collections` lists it.' }),
});

/** @throws `collection-missing` */
export function collectionOf({ collections }: Served, name: string): CollectionService {
  const found = collections.get(name);
  if (found) return found;
  throw new ImagekinError('collection-missing', {
    where: 'collections',
    expected: `one of ${[...collections.keys()].join(', ')}`,
    got: JSON.stringify(name.slice(0, 100)),
    fix: 'ask /collections what there is',
  });
}
