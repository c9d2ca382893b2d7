import { ImagekinError } from '../../../core/errors.js';
import {
  type ForeignBlock,
  type ForeignFile,
  type ForeignImage,
  type OnSkipped,
  rowsAtOnce,
} from './exchange-format.js';

/** A row of a text: an image and the numbers of its vector. */
export interface TextRow extends ForeignImage {
  readonly vector: readonly number[];
}

/**
 * A file of rows that come one by one. How long vectors are says the first; others of another length are skipped.
 * @throws `source-damaged` where there is no row with a vector
 */
export async function collectRows(
  path: string,
  rows: AsyncGenerator<TextRow>,
  { onSkipped, noRow }: { readonly onSkipped: OnSkipped; readonly noRow: string },
): Promise<ForeignFile> {
  const first = await rows.next();
  if (first.done)
    throw new ImagekinError('source-damaged', {
      where: path,
      expected: 'rows with an "embedding"',
      got: 'none',
      fix: noRow,
    });
  const dimension = first.value.vector.length;
  return {
    dimension,
    async *blocks() {
      let images: ForeignImage[] = [];
      let vectors = new Float32Array(rowsAtOnce * dimension);
      const block = (): ForeignBlock => ({ images, vectors: vectors.subarray(0, images.length * dimension) });
      for (let next: IteratorResult<TextRow> = first; !next.done; next = await rows.next()) {
        const { where, fields, vector } = next.value;
        if (vector.length !== dimension) {
          const reason = `${vector.length} numbers, where the first has ${dimension}`;
          onSkipped({ path: `${path}: ${where}`, reason });
          continue;
        }
        vectors.set(vector, images.length * dimension);
        images.push({ where, fields });
        if (images.length < rowsAtOnce) continue;
        yield block();
        images = [];
        vectors = new Float32Array(rowsAtOnce * dimension);
      }
      if (images.length > 0) yield block();
    },
    close: async () => {
      await rows.return(undefined);
    },
  };
}
