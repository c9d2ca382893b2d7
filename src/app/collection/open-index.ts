import type { Collection } from '../../collection/collection.js';
import {
  CollectionIndex,
  type CollectionIndexOptions,
  type IndexKind,
  indexKinds,
  type Quantization,
  quantizations,
  type VectorSource,
} from '../../collection/index/index.js';

/** Which index a collection is to have, as it was told by `reindex`; it is chosen by the size where it was not. */
export function indexSettings(collection: Collection): Pick<CollectionIndexOptions, 'kind' | 'quantization'> {
  const { kind, quantization } = collection.catalog.settings.index();
  return {
    ...(isIndexKind(kind) && { kind }),
    ...(isQuantization(quantization) && { quantization }),
  };
}

/**
 * Opens the index of a collection.
 * @param vectors default: those that are searched, also when the collection has been changed to another model
 */
export function openIndex(
  collection: Collection,
  options: Omit<CollectionIndexOptions, 'kind' | 'quantization'> = {},
  vectors: VectorSource = collection.searchedVectors,
): Promise<CollectionIndex> {
  return CollectionIndex.open(collection.indexDirectory, vectors, {
    ...options,
    ...indexSettings(collection),
  });
}

function isIndexKind(kind: string | undefined): kind is IndexKind {
  return (indexKinds as readonly (string | undefined)[]).includes(kind);
}

function isQuantization(quantization: string | undefined): quantization is Quantization {
  return (quantizations as readonly (string | undefined)[]).includes(quantization);
}
