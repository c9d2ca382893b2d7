import { existsSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { ImagekinError } from '../../../core/errors.js';
import { type ForeignBlock, type ForeignImage, imagesPath, rowsAtOnce } from './exchange-format.js';
import { objectLines } from './jsonl-format.js';

/** Where vectors stand in a file, one behind the other. */
export interface VectorStretch {
  readonly file: FileHandle;
  readonly path: string;
  readonly offset: number;
  readonly rows: number;
  readonly dimension: number;
  readonly bytesEach: number;
  /** The numbers of some rows. */
  numbers(bytes: Buffer): Float32Array;
  /** What an image is called of which nothing else is known. */
  idOf(row: number): number | string;
}

/**
 * The rows of a file of vectors alone; what they are of says a file of lines beside it, where there is one.
 * @throws `source-damaged` where that has more lines than there are rows, or fewer
 */
export async function* vectorBlocks(stretch: VectorStretch): AsyncGenerator<ForeignBlock> {
  const { file, path, offset, rows, dimension, bytesEach } = stretch;
  const beside = imagesPath(path);
  const lines = existsSync(beside) ? objectLines(beside) : undefined;
  try {
    for (let first = 0; first < rows; first += rowsAtOnce) {
      const count = Math.min(rowsAtOnce, rows - first);
      const bytes = Buffer.alloc(count * dimension * bytesEach);
      const { bytesRead } = await file.read(bytes, 0, bytes.length, offset + first * dimension * bytesEach);
      if (bytesRead < bytes.length)
        throw damagedFile(path, `${rows} vectors`, 'a file that ends before them');
      const images: ForeignImage[] = [];
      for (let row = first; row < first + count; row++) {
        const line = lines && (await lines.next());
        if (line?.done) throw damagedFile(beside, `${rows} lines, as many as vectors`, `${row}`);
        // Lines that are no objects are images of which nothing is known, and told apart by their place.
        const fields = line ? (line.value.object ?? {}) : {};
        images.push({ where: `row ${row + 1}`, fields: { id: stretch.idOf(row), ...fields } });
      }
      yield { images, vectors: stretch.numbers(bytes) };
    }
    if (lines && !(await lines.next()).done)
      throw damagedFile(beside, `${rows} lines, as many as vectors`, 'more');
  } finally {
    await lines?.return(undefined);
  }
}

export function damagedFile(where: string, expected: string, got: string): ImagekinError {
  return new ImagekinError('source-damaged', {
    where,
    expected,
    got,
    fix: 'write it anew, and both files at once',
  });
}
