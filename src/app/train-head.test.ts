import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { type PictureFolder, pictureFolder } from '../../test/fixtures/picture-folder.js';
import { tinyModel } from '../../test/fixtures/tiny-model.js';
import { tinyRecipe } from '../../test/fixtures/tiny-recipe.js';
import type { Progress } from '../core/progress.js';
import { openImages } from '../data/source.js';
import { embedImages } from '../embedding/embed-images.js';
import { Embedder } from '../embedding/embedder.js';
import { readModelFile } from '../embedding/model-file.js';
import { evaluateModel } from './evaluate-model.js';
import { trainModel } from './train-model.js';
import type { TrainOptions } from './train-options.js';

let pictures: PictureFolder;
let backbone: string;

beforeEach(async () => {
  pictures = await pictureFolder();
  backbone = join(pictures.root, 'backbone.onnx');
  await writeFile(backbone, tinyModel());
});

const out = (name = 'head.onnx') => join(pictures.root, name);
const options = (more: Partial<TrainOptions> = {}): TrainOptions => ({
  source: pictures.directory,
  out: out(),
  backbone,
  epochs: 3,
  batchesPerEpoch: 4,
  threads: 1,
  open: pictures.open,
  ...more,
});

describe('training a head', () => {
  it('makes one model file with the backbone in it', async () => {
    const result = await trainModel(options());
    const below = await readModelFile(backbone);
    const model = await readModelFile(result.model);
    expect(result).toMatchObject({ finished: true, recipe: 'head', modelId: model.id });
    expect(model).toMatchObject({
      inputSize: below.inputSize,
      resize: below.resize,
      dimension: below.dimension,
    });
    expect(model.metadata.backbone).toEqual({ id: below.id, recipe: below.metadata.recipe });
    expect(model.metadata.recipe).toMatchObject({
      network: { name: 'head', backbone: { dimension: below.dimension, inputSize: below.inputSize } },
    });
    const images = await openImages(pictures.directory, pictures.open);
    const embedder = await Embedder.open(result.model, { threads: 1 });
    const vectors = await embedImages(embedder, images);
    await embedder.release();
    for (let row = 0; row < images.length; row++)
      expect(Math.hypot(...vectors.subarray(row * model.dimension, (row + 1) * model.dimension))).toBeCloseTo(
        1,
        5,
      );
  });

  it('finds images of a class better than the backbone by itself', async () => {
    const { model } = await trainModel(options({ epochs: 10 }));
    const { evaluation, comparison } = await evaluateModel({
      model,
      compare: backbone,
      source: `${pictures.directory}:train`,
      bootstrap: 0,
      threads: 1,
      open: pictures.open,
    });
    expect(evaluation.mapAtR).toBeGreaterThan(comparison!.evaluation.mapAtR + 0.02);
  });

  it('embeds the images once, and the next run begins at once', async () => {
    const told: Progress[] = [];
    const onProgress = (progress: Progress) => told.push(progress);
    const embedded = () => told.filter(({ task }) => task.startsWith('embedding')).length;
    const first = await trainModel(options({ onProgress }));
    expect(embedded()).toBeGreaterThan(0);
    told.length = 0;
    const second = await trainModel(options({ out: out('again.onnx'), onProgress }));
    expect(embedded()).toBe(0);
    expect(await readFile(second.model)).toEqual(await readFile(first.model));
  });

  it('stops, goes on, and comes to the same model; validation looks at the same', async () => {
    const validation = { source: `${pictures.directory}:test`, metric: 'precisionAt1' };
    const whole = await trainModel(options({ validation, out: out('whole.onnx') }));
    const controller = new AbortController();
    const stopped = await trainModel(
      options({ validation, signal: controller.signal, onEpoch: () => controller.abort() }),
    );
    expect(stopped.finished).toBe(false);
    const resumed = await trainModel(options({ validation, resume: true }));
    expect(await readFile(resumed.model)).toEqual(await readFile(whole.model));
    expect(resumed.validation).toEqual(whole.validation);
  });

  it.each([64, 3])('takes any length: %i', async (dimension) => {
    const recipe = { base: 'head', network: { name: 'head', dimension, hidden: [6] } };
    const { model } = await trainModel(options({ recipe }));
    expect((await readModelFile(model)).dimension).toBe(dimension);
  });

  it.each([
    [{ recipe: 'fast' }, /recipe fast: expected a network that takes the embeddings of a backbone/],
    [{ imageSize: 64 }, /image size: expected none beside a backbone/],
    [
      { recipe: { base: 'head', augmentation: { horizontalFlip: 0.5 } } },
      /network 'head': expected a recipe without augmentation/,
    ],
    [{ backbone: undefined, recipe: 'head' }, /recipe head: expected a backbone/],
    [{ backbone: 'nothing.onnx' }, /nothing\.onnx: expected a model file, got nothing there/],
  ] as const)('refuses %j', async (more, message) => {
    await expect(trainModel(options(more as Partial<TrainOptions>))).rejects.toThrow(message);
  });

  it('refuses to go on with another backbone', async () => {
    const controller = new AbortController();
    await trainModel(options({ signal: controller.signal, onEpoch: () => controller.abort() }));
    await trainModel({
      ...options({ out: backbone }),
      backbone: undefined,
      recipe: tinyRecipe(),
      overwrite: true,
    });
    await expect(trainModel(options({ resume: true }))).rejects.toMatchObject({
      code: 'checkpoint-mismatch',
    });
  });
});
