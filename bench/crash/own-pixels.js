// @ts-check
import { openIndex } from '../../dist/app/collection/open-index.js';
import { embedDecoded } from '../../dist/embedding/embed-decoded.js';
import { decodeModel } from '../../dist/embedding/model-file.js';

/** How near to itself an image must be found. */
const least = 0.9999;
const nearest = 5;

/** Searches a collection by the pixels of files. Each file is embedded once by each model. */
export class OwnPixels {
  /** By model and hash. @type {Map<string, Float32Array>} */
  #vectors = new Map();

  /**
   * @param {import('../../dist/collection/collection.js').Collection} collection
   * @param {readonly { readonly id: number, readonly hash: string, readonly path: string }[]} images
   * @returns {Promise<string[]>} paths of those that are not found
   */
  async notFound(collection, images) {
    const { model } = collection;
    const file = decodeModel(await collection.modelBytes(model), model.name);
    const fresh = images.filter(({ hash }) => !this.#vectors.has(`${model.id} ${hash}`));
    const batches = embedDecoded(file, fresh, ({ path }, files) => files.load(path), { threads: 1 });
    for await (const { outcomes, embeddings } of batches)
      for (const [row, outcome] of outcomes.entries()) {
        if ('error' in outcome) throw outcome.error;
        const vector = embeddings.slice(row * model.dimension, (row + 1) * model.dimension);
        this.#vectors.set(`${model.id} ${outcome.item.hash}`, vector);
      }
    const queries = new Float32Array(images.length * model.dimension);
    for (const [row, { hash }] of images.entries())
      queries.set(
        /** @type {Float32Array} */ (this.#vectors.get(`${model.id} ${hash}`)),
        row * model.dimension,
      );
    const index = await openIndex(collection);
    try {
      const found = await index.search(queries, nearest);
      return images
        .filter(({ id }, row) => !found[row].some((hit) => hit.id === id && hit.score > least))
        .map(({ path }) => path);
    } finally {
      await index.close();
    }
  }
}
