import type { Collection } from '../../../collection/collection.js';
import { vectorBlocks } from '../../collection/compute-map.js';
import { type DerivedOrigin, originNow } from './derived-state.js';
import { labelCodes } from './label-codes.js';

/** The images of a collection that have a label and a vector, all of one moment. */
export interface LabelledVectors {
  readonly origin: DerivedOrigin;
  /** Ascending. */
  readonly ids: Uint32Array;
  /** float32 [ids, dimension] */
  readonly embeddings: Float32Array;
  /** int32 [ids], of `classNames`. */
  readonly labels: Int32Array;
  readonly classNames: readonly string[];
  /** int32 [ids]: equal numbers are the same bytes. */
  readonly contents: Int32Array;
  readonly dimension: number;
}

export function labelledVectors(collection: Collection): LabelledVectors {
  return collection.catalog.db.snapshot(() => {
    const all = collection.vectors.ids();
    const { codes, texts } = labelCodes(collection, all);
    const ids = all.filter((_, row) => codes[row]! >= 0);
    const { dimension } = collection.vectors;
    const embeddings = new Float32Array(ids.length * dimension);
    let at = 0;
    for (const block of vectorBlocks(collection, ids)) {
      embeddings.set(block, at);
      at += block.length;
    }
    return {
      origin: originNow(collection),
      ids,
      embeddings,
      labels: codes.filter((code) => code >= 0),
      classNames: texts,
      contents: contentsOf(collection, ids),
      dimension,
    };
  });
}

const imagesAtOnce = 10_000;

/** Digits of a hash that a number holds: of a million images two in a million million are taken for copies by chance. */
const digits = 12;

/** A number for the bytes of each image. What there is no hash of is a copy of nothing. */
function contentsOf({ catalog }: Collection, ids: Uint32Array): Int32Array {
  const contents = new Int32Array(ids.length);
  const numberOf = new Map<number, number>();
  for (let first = 0; first < ids.length; first += imagesAtOnce) {
    const some = ids.subarray(first, first + imagesAtOnce);
    const hashes = catalog.images.sha256Of([...some]);
    for (const [i, id] of some.entries()) {
      const image = first + i;
      const hash = hashes.get(id);
      const number = hash ? Number.parseInt(hash.slice(0, digits), 16) : -1 - image;
      if (!numberOf.has(number)) numberOf.set(number, numberOf.size);
      contents[image] = numberOf.get(number)!;
    }
  }
  return contents;
}
