import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { convolutional, tokens } from '../../test/fixtures/foreign-model.js';
import { temporaryDirectory } from '../../test/fixtures/temporary-directory.js';
import { tinyModel } from '../../test/fixtures/tiny-model.js';
import type { BackboneFlags } from './backbone/backbone-spec.js';
import { decodeModel } from './model-file.js';
import { openModel, wrapFile } from './open-model.js';

const given: BackboneFlags = { mean: [0.5, 0.5, 0.5], std: [0.2, 0.2, 0.2] };
const config = JSON.stringify({
  image_processor_type: 'ViTImageProcessor',
  size: { height: 12, width: 12 },
  image_mean: [0.1, 0.2, 0.3],
  image_std: [0.4, 0.5, 0.6],
});

let directory: string;
beforeEach(async () => {
  directory = await temporaryDirectory();
  vi.stubEnv('IMAGEKIN_HOME', join(directory, 'home'));
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
});

async function put(path: string, bytes: Uint8Array | string): Promise<string> {
  const whole = join(directory, path);
  await mkdir(join(whole, '..'), { recursive: true });
  await writeFile(whole, bytes);
  return whole;
}

describe('openModel', () => {
  it('takes a model file of imagekin as it is', async () => {
    const path = await put('model.onnx', tinyModel());
    const model = await openModel(path);
    expect(model.id).toBe(decodeModel(tinyModel(), path).id);
    expect(model.isWrappedInMemory).toBeUndefined();
    await expect(openModel(path, { backbone: given })).rejects.toMatchObject({
      code: 'wrong-usage',
      message: expect.stringMatching(/has its own inside; leave out the flags/),
    });
    expect((await openModel(path, { backbone: given, ignoresUnused: true })).id).toBe(model.id);
  });

  it('wraps any other ONNX model by flags, to the same as the file that wrapping writes', async () => {
    const path = await put('net.onnx', convolutional().bytes());
    const model = await openModel(path, { backbone: given });
    expect(model.isWrappedInMemory).toBe(true);
    expect(model.metadata.recipe).toMatchObject({ source: 'net.onnx', ...given, rescale: 1 / 255 });
    // The size is the one that it was exported for.
    expect(model.inputSize).toEqual({ width: 12, height: 12 });
    expect(decodeModel(await wrapFile(path, given), path).id).toBe(model.id);
  });

  it('says what is missing, and the flags that give it', async () => {
    await expect(openModel(await put('net.onnx', convolutional().bytes()))).rejects.toMatchObject({
      code: 'wrong-usage',
      message: expect.stringMatching(
        /net\.onnx: expected a model whose preprocessing is known, got .* no --mean, --std; .* as --mean 0\.485,0\.456,0\.406 --std/,
      ),
    });
    // This one takes images of any size.
    await expect(openModel(await put('vit.onnx', tokens().bytes()), { backbone: given })).rejects.toThrow(
      /no --input-size; .*--input-size 224/,
    );
  });

  it.each(['net.onnx', 'onnx/net.onnx'])(
    'finds preprocessor_config.json beside %s or above it',
    async (place) => {
      const path = await put(place, convolutional().bytes());
      await put('preprocessor_config.json', config);
      const model = await openModel(path);
      expect(model.metadata.recipe).toMatchObject({ mean: [0.1, 0.2, 0.3], std: [0.4, 0.5, 0.6] });
      expect(model.resize).toEqual({ fit: 'stretch', filter: 'bilinear' });
      // Flags come first, one by one.
      const other = await openModel(path, { backbone: { mean: [0, 0, 0], fit: 'cover', shorterSide: 14 } });
      expect(other.metadata.recipe).toMatchObject({ mean: [0, 0, 0], std: [0.4, 0.5, 0.6] });
      expect(other.resize).toEqual({ fit: 'cover', filter: 'bilinear', shorterSide: 14 });
    },
  );

  it('takes a file with preprocessing by its path, and says so of one that is not there or no JSON', async () => {
    const path = await put('net.onnx', convolutional().bytes());
    const preprocessing = await put('elsewhere/p.json', config);
    const model = await openModel(path, { backbone: { preprocessing } });
    expect(model.metadata.recipe).toMatchObject({ mean: [0.1, 0.2, 0.3] });
    const missing = join(directory, 'none.json');
    await expect(openModel(path, { backbone: { preprocessing: missing } })).rejects.toMatchObject({
      code: 'file-not-found',
    });
    await put('elsewhere/p.json', 'not json');
    await expect(openModel(path, { backbone: { preprocessing } })).rejects.toMatchObject({
      code: 'wrong-usage',
    });
  });

  it('knows models by the name of the file or the folder that they are in', async () => {
    for (const place of [
      'dinov2-small.onnx',
      'dinov2-small/model.onnx',
      'Xenova/dinov2-small/onnx/model.onnx',
    ]) {
      const path = await put(place, tokens().bytes());
      const model = await openModel(path, { backbone: { inputSize: { width: 16, height: 16 } } });
      expect(model.resize).toEqual({ fit: 'cover', filter: 'bicubic', shorterSide: 256 });
      expect(model.metadata.recipe).toMatchObject({
        license: 'Apache-2.0',
        output: 'last_hidden_state',
        pooling: 'cls',
        mean: [0.485, 0.456, 0.406],
      });
    }
  });

  it('tells how to get a known model that is not here', async () => {
    await expect(openModel('dinov2-small')).rejects.toMatchObject({
      code: 'file-not-found',
      message: expect.stringContaining('imagekin models pull dinov2-small'),
    });
  });

  it('refuses what is no ONNX file as none of ours', async () => {
    const path = await put('text.onnx', 'nothing of the kind');
    await expect(openModel(path, { backbone: given })).rejects.toMatchObject({ code: 'model-foreign' });
  });
});
