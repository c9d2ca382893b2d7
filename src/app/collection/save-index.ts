import type { Collection } from '../../collection/collection.js';
import type { OnProgress } from '../../core/progress.js';
import { openIndex } from './open-index.js';

/**
 * Writes the files of a collection's index where so much has changed that it is worth it, so that the next search need not
 * wait for that. Nothing depends on it: an index brings itself up to date.
 */
export async function saveIndex(
  collection: Collection,
  options: { readonly onProgress?: OnProgress; readonly signal?: AbortSignal } = {},
): Promise<void> {
  if (options.signal?.aborted) return;
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
