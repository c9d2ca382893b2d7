import { existsSync } from 'node:fs';
import { copyFile, readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { pictureFolder } from '../../test/fixtures/picture-folder.js';
import { tinyRecipe } from '../../test/fixtures/tiny-recipe.js';
import { sharedModel, trainedModel } from '../../test/fixtures/trained-model.js';
import { readModelFile } from '../embedding/model-file.js';
import { type CalibrateOptions, calibrateModel } from './calibrate-model.js';
import { describeModel } from './describe-model.js';
import { trainModel } from './train-model.js';

const shared = sharedModel();
const knownClasses = { amber: 40, blue: 40, clay: 40 };
let before: Buffer;

beforeAll(async () => {
  before = await readFile(shared.model);
});

/** A calibration of a copy of the shared model, on pictures of its own. */
async function request(imagesPerClass: Record<string, number> = knownClasses): Promise<CalibrateOptions> {
  const { directory, root, open } = await pictureFolder(imagesPerClass);
  const model = join(root, 'model.onnx');
  await copyFile(shared.model, model);
  return { model, source: `${directory}:all`, threads: 1, open };
}

describe('calibrateModel', () => {
  it('writes the calibration behind the model, in its own place', async () => {
    const options = await request();
    const result = await calibrateModel(options);
    const { id, calibration, bytes } = await readModelFile(options.model);
    expect(result).toEqual({
      model: options.model,
      modelId: id,
      calibration,
      warnings: [],
      notes: expect.any(Array),
      chart: null,
      skipped: [],
    });
    expect(id).toBe((await readModelFile(shared.model)).id);
    expect(Buffer.compare(bytes.subarray(0, before.length), before)).toBe(0);
    expect(result.calibration).toMatchObject({
      format: 1,
      source: { name: 'pictures:all', images: 120, classes: 3, seenClasses: 3 },
      population: { kind: 'neighbours', k: 10 },
      halvedBy: 'images',
      fit: { images: 60, pairs: 600 },
      heldOut: { images: 60, pairs: 600 },
      unknownClasses: { knownClasses: 2, withheldClasses: 1 },
    });
    expect((await readdir(dirname(options.model))).filter((name) => name.includes('.part'))).toEqual([]);
    expect((await describeModel(options.model)).calibration).toEqual(calibration);
  });

  it('leaves the model alone where the calibrated one goes elsewhere', async () => {
    const options = await request();
    const out = join(dirname(options.model), 'deep', 'calibrated.onnx');
    const chart = join(dirname(options.model), 'chart.png');
    const result = await calibrateModel({ ...options, out, chart });
    expect(result.model).toBe(out);
    expect(Buffer.compare(await readFile(options.model), before)).toBe(0);
    expect((await readModelFile(out)).calibration).toEqual(result.calibration);
    expect((await sharp(chart).metadata()).format).toBe('png');
  });

  it('can calibrate again, and gives the same for the same', async () => {
    const options = await request();
    await calibrateModel(options);
    const first = await readFile(options.model);
    await calibrateModel({ ...options, seed: 5 });
    expect(Buffer.compare(await readFile(options.model), first)).not.toBe(0);
    await calibrateModel(options);
    expect(Buffer.compare(await readFile(options.model), first)).toBe(0);
  });

  it('warns where it is calibrated on what it was trained on, by itself or as a part of the whole', async () => {
    const pictures = await pictureFolder(knownClasses);
    const model = await trainedModel(pictures);
    for (const split of ['train', 'all', 'test']) {
      const { warnings, calibration } = await calibrateModel({
        model,
        source: `${pictures.directory}:${split}`,
        threads: 1,
        open: pictures.open,
        population: { kind: 'random' },
      });
      expect(calibration.source.isTrainingData).toBe(split !== 'test');
      expect(warnings).toEqual(
        split === 'test' ? [] : [expect.stringMatching(/^the model was trained on images of pictures:\w+/)],
      );
    }
  });

  it('warns where the model was trained on the whole of a source, of which these are a part', async () => {
    const { directory, root, open } = await pictureFolder(knownClasses);
    const model = join(root, 'whole.onnx');
    await trainModel({ source: `${directory}:all`, out: model, recipe: tinyRecipe(), threads: 1, open });
    const { warnings } = await calibrateModel({
      model,
      source: directory,
      threads: 1,
      open,
      population: { kind: 'random' },
    });
    expect(warnings).toEqual([expect.stringMatching(/^the model was trained on images of pictures:test/)]);
  });

  it.each([
    [{ amber: 40, blue: 40 }, /^all 2 classes were seen in training/],
    [{ amber: 40, dust: 40, elm: 40 }, /^1 of 3 classes were seen in training/],
    [{ dust: 40, elm: 40 }, undefined],
  ])('notes how many of the classes %j were seen', async (imagesPerClass, note) => {
    const options = await request(imagesPerClass);
    const { notes, warnings } = await calibrateModel({ ...options, population: { kind: 'random' } });
    const ofClasses = notes.filter((text) => text.includes('seen in training'));
    expect(ofClasses).toEqual(note === undefined ? [] : [expect.stringMatching(note)]);
    expect(warnings).toEqual([]);
  });

  it('writes nothing where the images are too few, or the place cannot be written', async () => {
    const options = await request({ amber: 3, blue: 3 });
    await expect(calibrateModel(options)).rejects.toMatchObject({ code: 'too-few-images' });
    expect(Buffer.compare(await readFile(options.model), before)).toBe(0);
    const chart = join(options.model, 'chart.png');
    await expect(calibrateModel({ ...options, chart })).rejects.toMatchObject({ code: 'file-not-writable' });
    expect(existsSync(chart)).toBe(false);
  });
});
