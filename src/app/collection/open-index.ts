import type { Collection } from '../../collection/collection.js';
import {
  CollectionIndex,
  type CollectionIndexOptions,
  type IndexKind,
  indexKinds,
  type Quantization,
  quantizations,
} from '../../collection/index/index.js';

/** Which index a collection is to have, as it was told by `reindex`; it is chosen by the size where it was not. */
export function indexSettings(collection: Collection): Pick<CollectionIndexOptions, 'kind' | 'quantization'> {
  const { kind, quantization } = collection.catalog.settings.index();
  return {
    ...(isIndexKind(kind) && { kind }),
    ...(isQuantization(quantization) && { quantization }),
  };
}

/** Opens the index of a collection. It follows the collection, also from one model to another. */
export function openIndex(
  collection: Collection,
  options: Omit<CollectionIndexOptions, 'kind' | 'quantization'> = {},
): Promise<CollectionIndex> {
  return CollectionIndex.open(collection.indexDirectory, collection.searchedVectors, {
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
