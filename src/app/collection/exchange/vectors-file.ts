import { existsSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { ImagekinError } from '../../../core/errors.js';
import {
  type ForeignBlock,
  type ForeignFile,
  type ForeignImage,
  imagesPath,
  rowsAtOnce,
} from './exchange-format.js';
import { objectLines } from './jsonl-format.js';

/** Where vectors stand in a file, one behind the other. */
export interface VectorStretch {
  readonly offset: number;
  readonly rows: number;
  readonly dimension: number;
  readonly bytesEach: number;
  /** The numbers of some rows. */
  numbers(bytes: Buffer): Float32Array;
  /** What an image is called of which nothing else is known. */
  idOf(row: number): number | string;
}

/** Opens a file of vectors alone. @param stretchOf reads its head */
export async function openVectors(
  path: string,
  stretchOf: (file: FileHandle, path: string) => Promise<VectorStretch>,
): Promise<ForeignFile> {
  const file = await open(path);
  try {
    const stretch = await stretchOf(file, path);
    return {
      dimension: stretch.dimension,
      images: stretch.rows,
      blocks: () => vectorBlocks(file, path, stretch),
      close: () => file.close(),
    };
  } catch (error) {
    await file.close();
    throw error;
  }
}

/**
 * The rows of a file of vectors alone; what they are of says a file of lines beside it, where there is one.
 * @throws `source-damaged` where that has more lines than there are rows, or fewer
 */
async function* vectorBlocks(
  file: FileHandle,
  path: string,
  stretch: VectorStretch,
): AsyncGenerator<ForeignBlock> {
  const { offset, rows, dimension, bytesEach } = stretch;
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
