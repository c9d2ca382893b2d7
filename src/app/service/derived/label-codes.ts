import { jsonParameter } from '../../../collection/catalog/database.js';
import type { Collection } from '../../../collection/collection.js';

/** Labels of some images as numbers. */
export interface LabelCodes {
  /** By image; −1 of those without a label. */
  readonly codes: Int32Array;
  /** By number. */
  readonly texts: readonly string[];
  /** By image: 1 where it is there, 0 where it is not, or its file is gone. */
  readonly isThere: Uint8Array;
}

const imagesAtOnce = 10_000;

/** The labels of images by their ids, as they are now. Memory is some bytes an image, and the texts. */
export function labelCodes({ catalog }: Pick<Collection, 'catalog'>, ids: Uint32Array): LabelCodes {
  const codes = new Int32Array(ids.length).fill(-1);
  const isThere = new Uint8Array(ids.length);
  const numberOf = new Map<string, number>();
  for (let first = 0; first < ids.length; first += imagesAtOnce) {
    const rows = catalog.db.json<[key: number, label: string | null]>(
      'json_array(wanted.key, images.label)',
      'json_each(?) AS wanted CROSS JOIN images ON images.id = wanted.value AND images.missing_since IS NULL',
      jsonParameter(Array.from(ids.subarray(first, first + imagesAtOnce))),
    );
    for (const [key, label] of rows) {
      isThere[first + key] = 1;
      if (label === null) continue;
      if (!numberOf.has(label)) numberOf.set(label, numberOf.size);
      codes[first + key] = numberOf.get(label)!;
    }
  }
  return { codes, texts: [...numberOf.keys()], isThere };
}
