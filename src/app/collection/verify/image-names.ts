import type { Collection } from '../../../collection/collection.js';
import { mostExamples } from './finding.js';

/** What to call some images: the first of them. */
export function imageNames({ catalog }: Collection, ids: ArrayLike<number>): string[] {
  const first = Array.from(ids).slice(0, mostExamples);
  const names = new Map(catalog.images.byId(first).map(({ id, name }) => [id, name]));
  return first.map((id) => (names.has(id) ? `${names.get(id)} (id ${id})` : `id ${id}`));
}
