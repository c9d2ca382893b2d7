import { npyHeader } from '../formats/npy-header.js';
import type { WrittenEmbeddings } from './embedding-format.js';

/** A NumPy array float32 [rows, dimension]: the file that `numpy.load` reads. */
export async function* npyChunks({ rows, dimension, blocks }: WrittenEmbeddings): AsyncGenerator<Uint8Array> {
  yield npyHeader(rows, dimension);
  for await (const { vectors } of blocks())
    yield new Uint8Array(vectors.buffer, vectors.byteOffset, vectors.byteLength);
}
