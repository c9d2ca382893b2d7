import { resolve } from 'node:path';
import type { Collection } from '../../collection/collection.js';
import { isInside } from '../../core/is-inside.js';

/**
 * The folder of the collection, or that of a source of it, which a path lies in. Where images are added from, what is moved away
 * would come back the next time.
 */
export function rootAround({ catalog, directory }: Collection, path: string): string | undefined {
  const place = resolve(path);
  const roots = catalog.sources.all().flatMap(({ root }) => root ?? []);
  return [resolve(directory), ...roots].find((root) => place === root || isInside(place, root));
}
