import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { expectBody } from '../../../test/fixtures/expect-body.js';
import { labelledCollection } from '../../../test/fixtures/labelled-collection.js';
import { pictureFolder } from '../../../test/fixtures/picture-folder.js';
import { serverOf, serviceInThread } from '../../../test/fixtures/service-in-thread.js';
import { temporaryDirectory } from '../../../test/fixtures/temporary-directory.js';
import { tinyMetadata, tinyModel, tinyTrained } from '../../../test/fixtures/tiny-model.js';
import { tinyRecipe } from '../../../test/fixtures/tiny-recipe.js';
import { ModelDetails } from '../../api/index.js';
import { trainModel } from '../../app/train-model.js';
import { Collection } from '../../collection/collection.js';
import { decodeModel, type ModelMetadata } from '../../embedding/model-file.js';

function modelOf(directory: string) {
  const service = serviceInThread(directory);
  onTestFinished(() => service.close());
  const server = serverOf(service);
  return async () =>
    expectBody(ModelDetails, (await server.inject('/api/v1/collections/photos/model')).json());
}

async function withModel(bytes: Uint8Array) {
  const directory = join(await temporaryDirectory(), 'photos.kin');
  const { id, dimension } = decodeModel(bytes, 'model.onnx');
  const collection = await Collection.create(directory, { id, name: 'model.onnx', dimension, bytes });
  onTestFinished(() => collection.close());
  return { directory, path: collection.modelPath({ id }) };
}

describe('the route of the model', () => {
  it('says what made it, and how loss and validation went, epoch by epoch', async () => {
    const root = await temporaryDirectory();
    const pictures = await pictureFolder(undefined, root);
    const out = join(root, 'model.onnx');
    const { lossByEpoch } = await trainModel({
      source: pictures.directory,
      out,
      recipe: tinyRecipe({ epochs: 3 }),
      validation: { source: `${pictures.directory}:train`, metric: 'precisionAt1', everyEpochs: 2 },
      threads: 1,
      open: pictures.open,
    });
    const bytes = await readFile(out);
    const { directory } = await withModel(bytes);
    const model = await modelOf(directory)();
    expect(model).toMatchObject({
      name: 'model.onnx',
      hasFile: true,
      calibrated: false,
      bytes: bytes.length,
      trainedOn: 'pictures:train: 18 images of 3 classes',
      classes: ['amber', 'blue', 'clay'],
      validationMetric: 'precisionAt1',
    });
    expect(model.curve.map(({ epoch, loss }) => [epoch, loss])).toEqual(
      lossByEpoch.map((loss, i) => [i + 1, loss]),
    );
    const [first, second, third] = model.curve.map(({ validation }) => validation);
    expect(first).toBeNull();
    expect(second).toBeGreaterThan(0);
    const { validation } = decodeModel(bytes, out).metadata.training;
    expect([second, third]).toContain(validation!.best.value);
    expect(third).toBe(validation!.last.value);
  });

  it('of a file that does not tell all validations, has the best and the last; of a model from elsewhere, no curve', async () => {
    const at = (epoch: number, value: number) => ({ epoch, value, step: 4 * epoch });
    const told = { source: 'bilder:test', metric: 'mapAtR', kept: 'best', settings: {} } as const;
    const { lossByEpoch } = tinyMetadata.training;
    const curveOf = async (metadata: ModelMetadata) => {
      const { directory } = await withModel(tinyModel(tinyTrained(), metadata));
      return (await modelOf(directory)()).curve.map(({ validation }) => validation);
    };
    expect(await curveOf(tinyMetadata)).toEqual([null, null, null]);
    const validation = { ...told, best: at(1, 0.5), last: at(3, 0.25) };
    expect(await curveOf({ ...tinyMetadata, training: { lossByEpoch, validation } })).toEqual([
      0.5,
      null,
      0.25,
    ]);
    const elsewhere = { recipe: { name: 'backbone', source: 'net.onnx' }, seed: null, data: null };
    const { directory } = await withModel(
      tinyModel(tinyTrained(), { ...elsewhere, training: { lossByEpoch: [] } }),
    );
    expect(await modelOf(directory)()).toMatchObject({
      madeBy: 'net.onnx',
      trainedOn: null,
      classes: [],
      curve: [],
    });
  });

  it('forgets what it said of a file that is damaged or gone', async () => {
    const { directory, path } = await withModel(tinyModel());
    const model = modelOf(directory);
    expect(await model()).toMatchObject({ madeBy: 'tiny', inputSize: { width: 8, height: 8 } });
    await writeFile(path, 'no model');
    expect(await model()).toMatchObject({ hasFile: true, inputSize: null, bytes: null, metadata: {} });
    await rm(path);
    expect(await model()).toMatchObject({ hasFile: true, inputSize: null });
  });

  it('says only what is called how, of a collection of vectors alone', async () => {
    const { directory, collection } = await labelledCollection(Float32Array.of(1, 0), ['a']);
    collection.close();
    expect(await modelOf(directory)()).toMatchObject({
      name: 'drawn',
      dimension: 2,
      hasFile: false,
      resize: null,
      classes: [],
      curve: [],
    });
  });
});
