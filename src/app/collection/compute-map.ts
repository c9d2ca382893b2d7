import type { Collection } from '../../collection/collection.js';
import { ImagekinError } from '../../core/errors.js';
import {
  type EmbeddingMap,
  type EmbeddingMapRequest,
  embeddingMap,
} from '../../evaluation/map/embedding-map.js';

/** A map of a collection, before anything is said or written of it. */
export interface ComputedMap {
  /** The images of its points, ascending: those that were there when it was begun. */
  readonly ids: Uint32Array;
  readonly map: EmbeddingMap;
}

/**
 * Lays out the vectors of a collection.
 * @throws `empty-source` where there are none; `wrong-usage` for more clusters than images
 */
export async function computeMap(
  collection: Collection,
  options: Omit<EmbeddingMapRequest, 'count' | 'dimension' | 'blocks'>,
): Promise<ComputedMap> {
  const { vectors, directory } = collection;
  const ids = vectors.ids();
  if (ids.length === 0)
    throw new ImagekinError('empty-source', {
      where: directory,
      expected: 'at least one image with a vector',
      got: 'none',
      fix: `add some: imagekin add ${directory} <images...>`,
    });
  const { dimension } = vectors;
  const blocks = () => vectorBlocks(collection, ids);
  return { ids, map: await embeddingMap({ ...options, count: ids.length, dimension, blocks }) };
}

const vectorsAtOnce = 4096;

/**
 * The vectors of some images in their order, float32 [m, dimension] at a time. What another process has removed meanwhile is
 * 0 here, and is to be left out in the end.
 */
export function* vectorBlocks({ vectors }: Collection, ids: Uint32Array): Generator<Float32Array> {
  const { dimension } = vectors;
  for (let first = 0; first < ids.length; first += vectorsAtOnce) {
    const wanted = ids.subarray(first, first + vectorsAtOnce);
    const found = vectors.of(wanted);
    if (found.ids.length === wanted.length) {
      yield found.vectors;
      continue;
    }
    const block = new Float32Array(wanted.length * dimension);
    const rowOf = new Map([...wanted].map((id, row) => [id, row]));
    for (const [from, id] of found.ids.entries())
      block.set(found.vectors.subarray(from * dimension, (from + 1) * dimension), rowOf.get(id)! * dimension);
    yield block;
  }
}
