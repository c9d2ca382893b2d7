import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { temporaryDirectory } from '../../test/fixtures/temporary-directory.js';
import { tinyImages } from '../../test/fixtures/tiny-images.js';
import { tinyModel } from '../../test/fixtures/tiny-model.js';
import { decodeOnnx } from '../engine/index.js';
import { encodeOnnx } from '../engine/onnx-model.js';
import { embedImages, type PixelSource } from './embed-images.js';
import { Embedder } from './embedder.js';
import { decodeModel } from './model-file.js';

async function tinyEmbedder(): Promise<Embedder> {
  const embedder = await Embedder.load(decodeModel(tinyModel(), 'tiny'), 'tiny', { threads: 1 });
  onTestFinished(() => embedder.release());
  return embedder;
}

describe('Embedder', () => {
  it('opens a model file and says what it takes and gives', async () => {
    const path = join(await temporaryDirectory(), 'model.onnx');
    await writeFile(path, tinyModel());
    const embedder = await Embedder.open(path, { threads: 1 });
    onTestFinished(() => embedder.release());
    expect(embedder.inputSize).toEqual({ width: 8, height: 8 });
    expect(embedder.dimension).toBe(4);
    expect(embedder.model.metadata.seed).toBe(11);
  });

  it('refuses pixels that are no whole number of images', async () => {
    const embedder = await tinyEmbedder();
    await expect(embedder.embed(new Uint8Array(8 * 8 * 3 + 1))).rejects.toEqual(
      expect.objectContaining({
        code: 'engine-failed',
        message: expect.stringContaining('a multiple of 192'),
      }),
    );
  });

  it.each([
    [
      'whose graph names an operation that there is not',
      (file: ReturnType<typeof decodeOnnx>) => {
        file.graph.node[0].opType = 'Cost';
      },
    ],
    [
      'that lacks some of its weights',
      (file: ReturnType<typeof decodeOnnx>) => {
        file.graph.initializer.pop();
      },
    ],
    [
      'whose weights are cut off',
      (file: ReturnType<typeof decodeOnnx>) => {
        const tensor = file.graph.initializer.find(({ rawData }) => rawData.length > 100)!;
        tensor.rawData = tensor.rawData.subarray(4);
      },
    ],
  ])('refuses a model %s as damaged, in one line that names the file', async (_, damage) => {
    const file = decodeOnnx(tinyModel());
    damage(file);
    const path = join(await temporaryDirectory(), 'model.onnx');
    await writeFile(path, encodeOnnx(file));
    await expect(Embedder.open(path)).rejects.toEqual(
      expect.objectContaining({
        code: 'model-damaged',
        message: expect.stringMatching(/^[^\n]*model\.onnx: [^\n]*$/),
      }),
    );
  });

  it('passes on what reading the file says', async () => {
    await expect(Embedder.open(join(await temporaryDirectory(), 'none.onnx'))).rejects.toEqual(
      expect.objectContaining({ code: 'file-not-found' }),
    );
  });
});

describe('embedImages', () => {
  const size = { width: 8, height: 8 };

  /** Some hundred images, and how many of them were asked for at once. */
  function source(length: number): PixelSource & { readonly batches: number[] } {
    const images = tinyImages({ classes: 4, perClass: 3 });
    const batches: number[] = [];
    return {
      name: 'many:test',
      length,
      batches,
      pixels(indices, asked) {
        batches.push(indices.length);
        const wrapped = Array.from(indices, (index) => index % images.length);
        return images.pixels(wrapped, asked);
      },
    };
  }

  it.each([1, 256, 600])(
    'gives one vector per image, in order, for %d images, a batch at a time',
    async (length) => {
      const embedder = await tinyEmbedder();
      const images = source(length);
      const vectors = await embedImages(embedder, images);
      expect(vectors.length).toBe(length * 4);
      expect(Math.max(...images.batches)).toBeLessThanOrEqual(256);
      expect(images.batches.reduce((sum, count) => sum + count)).toBe(length);
      for (const index of [0, length - 1]) {
        const alone = await embedder.embed(await images.pixels([index], size));
        const row = vectors.subarray(index * 4, index * 4 + 4);
        for (const [d, value] of alone.entries()) expect(row[d]).toBeCloseTo(value, 5);
      }
    },
  );

  it('gives nothing for no image', async () => {
    expect((await embedImages(await tinyEmbedder(), source(0))).length).toBe(0);
  });

  it('reports how many images are done', async () => {
    const seen: number[] = [];
    await embedImages(await tinyEmbedder(), source(300), {
      onProgress: ({ done, total, unit, task }) => {
        expect({ total, unit, task }).toEqual({ total: 300, unit: 'images', task: 'embedding many:test' });
        seen.push(done);
      },
    });
    expect(seen).toEqual([256, 300]);
  });

  it('stops between two batches where the signal comes', async () => {
    const controller = new AbortController();
    const images = source(600);
    const embedding = embedImages(await tinyEmbedder(), images, {
      signal: controller.signal,
      onProgress: () => controller.abort(),
    });
    await expect(embedding).rejects.toThrow(expect.objectContaining({ name: 'AbortError' }));
    expect(images.batches).toEqual([256]);
  });
});
