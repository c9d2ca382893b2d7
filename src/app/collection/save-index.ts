import type { Collection } from '../../collection/collection.js';
import { CollectionIndex, fewChanges } from '../../collection/index/index.js';
import type { OnProgress } from '../../core/progress.js';
import { indexSettings, openIndex } from './open-index.js';

/**
 * Writes the files of a collection's index where so much has changed that it is worth it, so that the next search need not
 * wait for that. Nothing depends on it: an index brings itself up to date.
 */
export async function saveIndex(
  collection: Collection,
  options: { readonly onProgress?: OnProgress; readonly signal?: AbortSignal } = {},
): Promise<void> {
  if (options.signal?.aborted || (await isFresh(collection))) return;
  const index = await openIndex(collection, options);
  try {
    await index.save(options);
  } catch (error) {
    // Stopped in the middle of it: what has been added is kept, and the index is made when it is needed.
    if (!options.signal?.aborted) throw error;
  } finally {
    await index.close();
  }
}

/**
 * Whether so little has changed since the files were written that whoever opens them takes it along in no time. Opening them
 * only to find that out would read all of them, which for a million vectors takes seconds.
 */
async function isFresh(collection: Collection): Promise<boolean> {
  const { vectors, indexDirectory } = collection;
  const { kind, quantization } = indexSettings(collection);
  const state = await CollectionIndex.inspect(indexDirectory, vectors);
  return (
    state !== null &&
    state.modelId === vectors.modelId &&
    state.change <= vectors.change() &&
    (kind ?? state.kind) === state.kind &&
    (state.quantization === null || (quantization ?? state.quantization) === state.quantization) &&
    vectors.changedSince(state.change).length <= fewChanges
  );
}
