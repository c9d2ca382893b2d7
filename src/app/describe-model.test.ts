import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryDirectory } from '../../test/fixtures/temporary-directory.js';
import { tinyMetadata, tinyModel, tinyTrained } from '../../test/fixtures/tiny-model.js';
import { packageVersion } from '../core/package-version.js';
import { decodeModel } from '../embedding/model-file.js';
import { describeModel } from './describe-model.js';

describe('describeModel', () => {
  it('says of a model file all that it knows of itself, as plain JSON', async () => {
    const path = join(await temporaryDirectory(), 'model.onnx');
    await writeFile(path, tinyModel());
    const description = await describeModel(path);
    expect(description).toEqual({
      model: path,
      modelId: decodeModel(tinyModel(), path).id,
      bytes: (await readFile(path)).length,
      inputSize: { width: 8, height: 8 },
      resize: 'scale to cover, crop the centre',
      dimension: 4,
      packageVersion,
      recipe: tinyMetadata.recipe,
      seed: 11,
      data: tinyMetadata.data,
      loss: 1 / 3,
      lossByEpoch: [2.5, 1.25, 1 / 3],
      validation: null,
      calibration: null,
    });
    expect(JSON.parse(JSON.stringify(description))).toEqual(description);
  });

  it('has no loss where the training had no epoch', async () => {
    const path = join(await temporaryDirectory(), 'model.onnx');
    await writeFile(path, tinyModel(tinyTrained(), { ...tinyMetadata, training: { lossByEpoch: [] } }));
    expect((await describeModel(path)).loss).toBeNull();
  });

  it('refuses a file that does not work', async () => {
    const path = join(await temporaryDirectory(), 'model.onnx');
    await writeFile(path, tinyModel().subarray(0, 1000));
    await expect(describeModel(path)).rejects.toEqual(expect.objectContaining({ code: 'model-damaged' }));
  });
});
