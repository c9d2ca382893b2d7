import sharp from 'sharp';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
// The compiled ones, as only those have a thread to start.
import type { LoadedImage } from '../../dist/embedding/loaded-image.js';
import { EmbeddingThreads } from '../../dist/embedding/threads/embedding-threads.js';
import { Embedder } from '../../src/embedding/embedder.js';
import { decodeModel } from '../../src/embedding/model-file.js';
import { decodeImageTo } from '../../src/image/decode.js';
import { drawnImage } from '../fixtures/make-image.js';
import { tinyModel } from '../fixtures/tiny-model.js';

const model = decodeModel(tinyModel(), 'tiny');
const size = model.inputSize;
const length = 3 * size.width * size.height;
let jpegs: Buffer[];
let pixels: Uint8Array[];
let expected: Float32Array[];

beforeAll(async () => {
  jpegs = await Promise.all(
    [0, 1, 2, 3, 4, 5].map((i) =>
      drawnImage(20, 16, (x, y) => [(x * 9 * i) % 256, (y * 16 + 40 * i) % 256, i * 40])
        .jpeg()
        .toBuffer(),
    ),
  );
  pixels = await Promise.all(jpegs.map(async (jpeg) => (await decodeImageTo(jpeg, size)).data));
  const embedder = await Embedder.load(model, 'tiny', { threads: 1 });
  expected = await Promise.all(pixels.map(async (image) => (await embedder.embed(image)).slice()));
  await embedder.release();
});

function threads(): EmbeddingThreads {
  const started = EmbeddingThreads.start(model, { threads: 2 })!;
  onTestFinished(() => started.close());
  return started;
}

const file = (bytes: Uint8Array): LoadedImage => ({
  jpeg: new Uint8Array(bytes),
  decode: () => Promise.reject(new Error('not asked for')),
});
const cut = () => file(jpegs[0]!.subarray(0, -9));

function expectVector(vector: Float32Array | undefined, of: number): void {
  expect(vector).toHaveLength(model.dimension);
  for (const [i, value] of vector!.entries()) expect(Math.abs(value - expected[of]![i]!)).toBeLessThan(1e-5);
}

describe('threads that embed', () => {
  it('give each image its vector, whether it is a file or pixels, and damaged files none', async () => {
    const images = [
      file(jpegs[0]!),
      { pixels: pixels[1]! },
      cut(),
      file(jpegs[3]!),
      cut(),
      { pixels: pixels[5]! },
    ];
    const embedded = await threads().embed(images);
    expect(embedded.map((image) => image !== undefined)).toEqual([true, true, false, true, false, true]);
    for (const i of [0, 1, 3, 5]) expectVector(embedded[i]?.vector, i);
    expect(embedded[3]?.facts).toMatchObject({
      width: 20,
      height: 16,
      format: 'jpeg',
      bytes: jpegs[3]!.length,
    });
    expect(embedded[1]?.facts).toBeUndefined();
  });

  it('give nothing where all files are damaged, or there are none', async () => {
    const both = threads();
    expect(await both.embed([cut(), cut()])).toEqual([undefined, undefined]);
    expect(await both.embed([])).toEqual([]);
    expectVector((await both.embed([file(jpegs[2]!)]))[0]?.vector, 2);
  });

  it('leave pixels to whom they are of, unless they can be transferred', async () => {
    const shared = new Uint8Array(2 * length);
    shared.set(pixels[4]!, length);
    const given = new Uint8Array(pixels[2]!);
    const images = [{ pixels: shared.subarray(length) }, { pixels: given, isTransferable: true }];
    const [ofShared, ofGiven] = await threads().embed(images);
    expectVector(ofShared?.vector, 4);
    expectVector(ofGiven?.vector, 2);
    expect(Buffer.compare(shared.subarray(length), pixels[4]!)).toBe(0);
    expect(given).toHaveLength(0);
  });

  it('refuse pixels of another size, and what cannot be sent, and go on', async () => {
    const one = EmbeddingThreads.start(model, { threads: 1 })!;
    onTestFinished(() => one.close());
    const [wrong, before] = [
      one.embed([{ pixels: new Uint8Array(length - 3) }]),
      one.embed([file(jpegs[1]!)]),
    ];
    await expect(wrong).rejects.toThrow(`${length - 3} bytes of pixels`);
    const twice = { pixels: new Uint8Array(pixels[0]!), isTransferable: true };
    await expect(one.embed([twice, twice])).rejects.toThrow();
    expectVector((await before)[0]?.vector, 1);
    expectVector((await one.embed([file(jpegs[3]!)]))[0]?.vector, 3);
  });

  it('are asked to decode only where they are as many as cores', () => {
    const large = { ...model, bytes: new Uint8Array(80 * 2 ** 20) };
    for (const [of, options, takesFiles] of [
      [model, { threads: 2 }, true],
      [model, { threads: 1 }, true],
      [large, { threads: 2 }, false],
    ] as const) {
      const started = EmbeddingThreads.start(of, options)!;
      onTestFinished(() => started.close());
      expect(started.takesFiles).toBe(takesFiles);
    }
  });

  it('decode by the version that the decoders are told by', async () => {
    const { decoderVersion } = await import('../../src/image/decode.js');
    const { default: declared } = await import('../../package.json', { with: { type: 'json' } });
    const version = declared.dependencies['@cornerstonejs/codec-libjpeg-turbo-8bit'];
    expect(decoderVersion).toContain(`+turbo${version}`);
    expect(decoderVersion).toContain(sharp.versions.sharp);
  });
});
