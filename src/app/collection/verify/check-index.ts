import type { Collection } from '../../../collection/collection.js';
import { checkIndexFiles } from '../../../collection/index/index.js';
import { openIndex } from '../open-index.js';
import type { CheckOptions } from './check-vectors.js';
import type { Found } from './finding.js';
import { imageNames } from './image-names.js';

/** Whether the files of the index are sound, and of the vectors that the catalog has. */
export async function checkIndex(collection: Collection, { signal }: CheckOptions): Promise<Found[]> {
  const check = await checkIndexFiles(collection.indexDirectory, collection.vectors, { signal });
  const fix = () => rebuildIndex(collection);
  if (check.kind === 'damaged') return [{ kind: 'index-damaged', count: 1, examples: [check.reason], fix }];
  if (check.kind === 'differs') {
    const { images } = check;
    return [{ kind: 'index-differs', count: images.length, examples: imageNames(collection, images), fix }];
  }
  return [];
}

async function rebuildIndex(collection: Collection): Promise<'mended'> {
  const index = await openIndex(collection);
  try {
    await index.rebuild();
  } finally {
    await index.close();
  }
  return 'mended';
}
