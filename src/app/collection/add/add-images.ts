import { isCollection } from '../../../collection/collection.js';
import { saveIndex } from '../save-index.js';
import type { AddCounts, AddOptions, AddResult } from './add-options.js';
import { addTo } from './add-to.js';
import { describeSource } from './added-source.js';
import { openForAdding } from './open-for-adding.js';

/**
 * Brings a collection up to date with sources: new images are embedded, changed ones anew; renamed and moved files are
 * recognised by their bytes; images whose files are gone are marked. What has not changed is not read.
 *
 * All that progress has told of is on the disk, so that a run that was stopped or killed is gone on with by the same call.
 * Several processes may work on a collection at once.
 * @throws `wrong-usage` where the collection must be made and no model is given; `model-mismatch` where another one is given;
 * `unknown-source`; `source-missing` where a source that it was filled from is not there
 */
export async function addImages(options: AddOptions): Promise<AddResult> {
  const startedAt = performance.now();
  // A typing error in a source makes no collection.
  if (!isCollection(options.collection)) for (const source of options.sources) describeSource(source);
  const { collection, created } = await openForAdding(options);
  try {
    const sources = options.sources.map((source) => describeSource(source, collection.catalog.sources.all()));
    const { counts, skipped } = await addTo(collection, sources, options);
    if (changesVectors(counts))
      await saveIndex(collection, { onProgress: options.onProgress, signal: options.signal });
    const { model } = collection;
    return {
      finished: !options.signal?.aborted,
      collection: options.collection,
      created,
      model: model.name,
      modelId: model.id,
      dimension: model.dimension,
      images: collection.catalog.images.count(),
      ...counts,
      skipped,
      seconds: (performance.now() - startedAt) / 1000,
    };
  } finally {
    collection.close();
  }
}

/** Whether a search finds something else than before. */
export function changesVectors({ added, changed, copied, returned, missing, pruned }: AddCounts): boolean {
  return added + changed + copied + returned + missing + pruned > 0;
}
