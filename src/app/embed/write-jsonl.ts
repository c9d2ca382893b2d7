import type { WrittenEmbeddings } from './embedding-format.js';

/** A line of JSON for every image: what is known of it, and its `embedding`. */
export async function* jsonlChunks({ dimension, blocks }: WrittenEmbeddings): AsyncGenerator<string> {
  for await (const { entries, vectors } of blocks()) {
    let lines = '';
    for (const [i, { row: _row, ...facts }] of entries.entries()) {
      const vector = vectors.subarray(i * dimension, (i + 1) * dimension);
      lines += `${JSON.stringify(facts).slice(0, -1)},"embedding":[${Array.from(vector, shortest).join()}]}\n`;
    }
    yield lines;
  }
}

/** Nine digits tell any two float32 numbers apart. */
function shortest(value: number): string {
  return String(Number(value.toPrecision(9)));
}
