import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { pictureFolder } from '../../test/fixtures/picture-folder.js';
import { tinyModel } from '../../test/fixtures/tiny-model.js';
import { openImages } from '../data/source.js';
import { embedBatches, embedImages } from './embed-images.js';
import { Embedder } from './embedder.js';
import { decodeModel } from './model-file.js';

/** So many that files are decoded by other processes. */
async function opened() {
  const { directory, open } = await pictureFolder({ amber: 40, blue: 40 });
  const images = await openImages(directory, open);
  const embedder = await Embedder.load(decodeModel(tinyModel(), 'tiny'), 'tiny', { threads: 1 });
  return { images, embedder, directory };
}

describe('embedImages', () => {
  it('gives of files what it gives of their pixels, in order', async () => {
    const { images, embedder } = await opened();
    const { name, length } = images;
    const pixels = { name, length, pixels: images.pixels.bind(images) };
    const ofFiles = await embedImages(embedder, images);
    const ofPixels = await embedImages(embedder, pixels);
    expect(ofFiles.length).toBe(80 * embedder.dimension);
    for (const [i, value] of ofFiles.entries()) expect(Math.abs(value - ofPixels[i]!)).toBeLessThan(1e-5);
    await embedder.release();
  });

  it.each(['before', 'while'])(
    'throws where it is aborted %s it embeds, and gives no part for the whole',
    async (when) => {
      const { images, embedder } = await opened();
      const controller = new AbortController();
      if (when === 'before') controller.abort();
      const onProgress = () => controller.abort();
      await expect(
        embedImages(embedder, images, { onProgress, signal: controller.signal }),
      ).rejects.toMatchObject({ name: 'AbortError' });
      await embedder.release();
    },
  );

  it('throws of a file that has gone', async () => {
    const { images, embedder, directory } = await opened();
    const gone = { ...images, length: 80, pixels: images.pixels, file: () => join(directory, 'gone.png') };
    await expect(embedImages(embedder, gone)).rejects.toMatchObject({ code: 'file-not-found' });
    await embedder.release();
  });

  it('goes on behind the images that were embedded before', async () => {
    const { images, embedder } = await opened();
    const all = await embedImages(embedder, images);
    const rest: number[] = [];
    for await (const batch of embedBatches(embedder, images, { first: 10 })) rest.push(...batch);
    const expected = all.subarray(10 * embedder.dimension);
    expect(rest.length).toBe(expected.length);
    for (const [i, value] of rest.entries()) expect(Math.abs(value - expected[i]!)).toBeLessThan(1e-5);
    await embedder.release();
  });
});
