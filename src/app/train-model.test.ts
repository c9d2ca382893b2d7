import { existsSync, rmSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { flatImage } from '../../test/fixtures/make-image.js';
import { type PictureFolder, pictureFolder } from '../../test/fixtures/picture-folder.js';
import { temporaryDirectory } from '../../test/fixtures/temporary-directory.js';
import { tinyRecipe } from '../../test/fixtures/tiny-recipe.js';
import { readModelFile } from '../embedding/model-file.js';
import { decodeImage } from '../image/decode.js';
import { readCheckpoint } from '../learning/checkpoint.js';
import { recipes } from '../learning/recipes/index.js';
import { describeRecipe } from '../learning/recipes/recipe.js';
import { evaluateModel } from './evaluate-model.js';
import { compareRuns, listRuns } from './runs/compare-runs.js';
import { type TrainOptions, trainModel } from './train-model.js';

const recipe = tinyRecipe();

/** What a training asks for, with its files in the folder `out`. */
function request(
  { directory, root, open }: PictureFolder,
  changes: Partial<TrainOptions> = {},
): TrainOptions {
  return { source: directory, out: join(root, 'out', 'model.onnx'), recipe, threads: 1, open, ...changes };
}

/** A signal that stops a run once it has gone through a share of its steps, and the progress handler that gives it. */
function stopAfter(share: number): Pick<TrainOptions, 'signal' | 'onProgress'> {
  const controller = new AbortController();
  return {
    signal: controller.signal,
    onProgress: ({ task, done, total }) => {
      if (task === 'training' && done >= share * total!) controller.abort();
    },
  };
}

describe('trainModel', () => {
  it('writes a model and its log, removes the checkpoint, and says what it did', async () => {
    const pictures = await pictureFolder();
    const told: [number, number][] = [];
    const onEpoch: TrainOptions['onEpoch'] = ({ epoch }, epochs) => told.push([epoch, epochs]);
    const result = await trainModel(request(pictures, { seed: 5, onEpoch }));

    const out = join(pictures.root, 'out');
    expect((await readdir(out)).sort()).toEqual(['model.log.jsonl', 'model.onnx']);
    const model = await readModelFile(result.model);
    expect(result).toEqual({
      finished: true,
      alreadyFinished: false,
      stoppedEarly: false,
      model: join(out, 'model.onnx'),
      modelId: model.id,
      run: null,
      source: `${pictures.directory}:train`,
      recipe: 'tiny',
      seed: 5,
      images: 18,
      classes: 3,
      loss: result.lossByEpoch[2],
      lossByEpoch: [expect.any(Number), expect.any(Number), expect.any(Number)],
      validation: null,
      seconds: expect.any(Number),
      imagesPerSecond: expect.any(Number),
      log: join(out, 'model.log.jsonl'),
      checkpoint: join(out, 'model.onnx.checkpoint'),
      skipped: [],
    });
    expect(result.imagesPerSecond).toBeCloseTo((12 * 6) / result.seconds, 5);
    expect(told).toEqual([
      [1, 3],
      [2, 3],
      [3, 3],
    ]);

    const log = (await readFile(result.log, 'utf8')).trimEnd().split('\n');
    const lines = log.map((line) => JSON.parse(line));
    expect(lines).toEqual(
      result.lossByEpoch.map((loss, i) => ({
        kind: 'epoch',
        epoch: i + 1,
        step: 4 * (i + 1),
        loss,
        seconds: expect.any(Number),
        statistics: {
          meanCosine: expect.any(Number),
          deviation: expect.any(Number),
          participationRatio: expect.any(Number),
        },
      })),
    );

    expect(model.metadata).toEqual({
      recipe: describeRecipe(recipe),
      seed: 5,
      data: {
        name: `${basename(pictures.directory)}:train`,
        fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/),
        images: 18,
        classes: ['amber', 'blue', 'clay'],
      },
      training: { lossByEpoch: result.lossByEpoch },
    });
  });

  it('takes the recipe of the Keras example for a folder, and what is asked for in the place of its own', async () => {
    const pictures = await pictureFolder();
    const options = { recipe: undefined, epochs: 1, batchesPerEpoch: 2, learningRate: 0.005 };
    const { recipe: name, model } = await trainModel(request(pictures, options));
    expect(name).toBe('keras-example');
    const { metadata, dimension } = await readModelFile(model);
    expect(dimension).toBe(8);
    expect(metadata.recipe).toMatchObject({
      epochs: 1,
      batchesPerEpoch: 2,
      schedule: { name: 'constant', learningRate: 0.005 },
    });
  });

  it('looks at images of the size that is asked for, and goes on with no run of another', async () => {
    const pictures = await pictureFolder();
    const options = { recipe: 'keras-example', epochs: 1, batchesPerEpoch: 9, imageSize: 48 };
    const asked = request(pictures, options);
    await trainModel({ ...asked, ...stopAfter(0.2) });
    await expect(trainModel({ ...asked, imageSize: 40, resume: true })).rejects.toMatchObject({
      code: 'checkpoint-mismatch',
    });
    const { finished, model } = await trainModel({ ...asked, resume: true });
    expect(finished).toBe(true);
    const { inputSize, metadata } = await readModelFile(model);
    expect(inputSize).toEqual({ width: 48, height: 48 });
    expect(metadata.recipe).toMatchObject({ network: { inputSize: { width: 48, height: 48 } } });
  });

  it('makes the same model, byte for byte, from the same seed, and another from another', async () => {
    const pictures = await pictureFolder();
    const idOf = async (seed: number) => (await trainModel(request(pictures, { seed }))).modelId;
    const first = await idOf(0);
    expect(await idOf(0)).toBe(first);
    expect(await idOf(1)).not.toBe(first);
  });

  it('stopped by a signal, keeps the run and makes no model; resumed, makes the model it would have made', async () => {
    const pictures = await pictureFolder();
    const uninterrupted = await trainModel(request(pictures));
    const options = request(pictures, { out: join(pictures.root, 'second', 'model.onnx') });
    const stopped = await trainModel({ ...options, ...stopAfter(0.6) });
    expect(stopped).toMatchObject({ finished: false, modelId: null, images: 18 });
    expect(stopped.lossByEpoch).toEqual(uninterrupted.lossByEpoch.slice(0, 2));
    expect(existsSync(stopped.model)).toBe(false);
    expect((await readCheckpoint(stopped.checkpoint)).state.step).toBe(8);

    const resumed = await trainModel({ ...options, resume: true });
    expect(resumed).toMatchObject({ finished: true, alreadyFinished: false, modelId: uninterrupted.modelId });
    expect(resumed.lossByEpoch).toEqual(uninterrupted.lossByEpoch);
    expect(existsSync(resumed.checkpoint)).toBe(false);
  });

  it('refuses to start over a run that was stopped, unless told which is wanted', async () => {
    const pictures = await pictureFolder();
    const options = request(pictures);
    await trainModel({ ...options, ...stopAfter(0.6) });
    await expect(trainModel(options)).rejects.toEqual(
      expect.objectContaining({
        code: 'wrong-usage',
        message: expect.stringMatching(/model\.onnx\.checkpoint; .*--resume.*--overwrite/),
      }),
    );
    const anew = await trainModel({ ...options, overwrite: true });
    expect(anew.finished).toBe(true);
    expect(anew.lossByEpoch.length).toBe(3);
  });

  it('does nothing where the run to be resumed has been finished', async () => {
    const pictures = await pictureFolder();
    const first = await trainModel(request(pictures));
    const onEpoch = () => expect.unreachable('an epoch was trained');
    const again = await trainModel(request(pictures, { resume: true, onEpoch }));
    expect(again).toEqual({ ...first, alreadyFinished: true });
  });

  it('starts a run where there is none to resume', async () => {
    const { finished, alreadyFinished } = await trainModel(request(await pictureFolder(), { resume: true }));
    expect({ finished, alreadyFinished }).toEqual({ finished: true, alreadyFinished: false });
  });

  it.each<[string, Partial<TrainOptions>]>([
    ['seed', { seed: 9 }],
    ['number of epochs', { epochs: 7 }],
    ['learning rate', { learningRate: 0.5 }],
  ])('refuses to take the finished model of another %s for that of this run', async (_, changes) => {
    const pictures = await pictureFolder();
    await trainModel(request(pictures));
    await expect(trainModel(request(pictures, { resume: true, ...changes }))).rejects.toEqual(
      expect.objectContaining({ code: 'checkpoint-mismatch' }),
    );
  });

  it('logs every epoch, also where the run was killed before it came to log the last', async () => {
    const pictures = await pictureFolder();
    const options = request(pictures);
    const onEpoch: TrainOptions['onEpoch'] = ({ epoch }) => {
      if (epoch === 3) throw new Error('killed');
    };
    await expect(trainModel({ ...options, onEpoch })).rejects.toThrow('killed');
    const log = join(pictures.root, 'out', 'model.log.jsonl');
    const lines = (await readFile(log, 'utf8')).split('\n');
    await writeFile(log, `${lines.slice(0, 2).join('\n')}\n`);
    const resumed = await trainModel({ ...options, resume: true });
    expect(resumed.finished).toBe(true);
    expect(await readFile(log, 'utf8')).toBe(lines.join('\n'));
  });

  it.each(['of one size', 'of different sizes'])(
    'decodes pictures %s once, before the first step',
    async (sizes) => {
      const pictures = await pictureFolder();
      if (sizes !== 'of one size')
        await flatImage(31, 12, [9, 9, 9]).toFile(join(pictures.directory, 'amber', 'a.png'));
      const onProgress: TrainOptions['onProgress'] = ({ task }) => {
        if (task === 'training') rmSync(pictures.directory, { recursive: true, force: true });
      };
      expect((await trainModel(request(pictures, { onProgress }))).finished).toBe(true);
    },
  );

  it('leaves out files that do not decode, and lists them with the reason', async () => {
    const pictures = await pictureFolder();
    const broken = join(pictures.directory, 'blue', 'broken.png');
    await writeFile(broken, 'not a picture');
    const source = `${pictures.directory}:all`;
    const { skipped, images, finished } = await trainModel(request(pictures, { source }));
    expect(finished).toBe(true);
    expect(images).toBe(24);
    expect(skipped).toEqual([{ path: broken, reason: expect.stringMatching(/no such format/i) }]);
  });

  it('refuses a class of one image by its name, and trains without it when told to', async () => {
    const pictures = await pictureFolder({ amber: 6, blue: 6, lone: 1 });
    await expect(trainModel(request(pictures))).rejects.toEqual(
      expect.objectContaining({
        code: 'too-few-images',
        message: expect.stringMatching(/1 image in 'lone'.*--skip-lone-classes/),
      }),
    );
    expect(existsSync(join(pictures.root, 'out', 'model.onnx.checkpoint'))).toBe(false);
    const { classes, model } = await trainModel(request(pictures, { skipLoneClasses: true }));
    expect(classes).toBe(2);
    expect((await readModelFile(model)).metadata.data?.classes).toEqual(['amber', 'blue']);
  });

  it('says before it looks at any image that the model could not be written', async () => {
    const root = await temporaryDirectory();
    await mkdir(join(root, 'model.onnx'));
    await expect(trainModel({ source: join(root, 'none'), out: join(root, 'model.onnx') })).rejects.toEqual(
      expect.objectContaining({ code: 'file-not-writable' }),
    );
  });

  it.each<[string, Partial<TrainOptions>, string]>([
    ['source', { source: 'cifar11' }, 'unknown-source'],
    ['recipe', { recipe: 'resnet' }, 'wrong-usage'],
  ])('refuses an unknown %s', async (_, changes, code) => {
    await expect(trainModel(request(await pictureFolder(), changes))).rejects.toEqual(
      expect.objectContaining({ code }),
    );
  });

  describe('with validation', () => {
    const validation = { metric: 'recallAt5', keep: 'best' as const };

    it('measures the images it is told to, keeps the best, and says so in result, model and log', async () => {
      const pictures = await pictureFolder();
      const told: [number, boolean][] = [];
      const asked = request(pictures, {
        validation: { ...validation, source: `${pictures.directory}:test` },
        onValidation: ({ value }, isBest) => told.push([value, isBest]),
      });
      const result = await trainModel(asked);
      const { best, last } = result.validation!;
      expect(result.validation).toEqual({
        source: `${basename(pictures.directory)}:test`,
        metric: 'recallAt5',
        kept: 'best',
        best: { value: Math.max(...told.map(([value]) => value)), epoch: best.epoch, step: 4 * best.epoch },
        last: { value: told[2][0], epoch: 3, step: 12 },
      });
      expect(told.map(([, isBest]) => isBest).lastIndexOf(true) + 1).toBe(best.epoch);
      const { metadata } = await readModelFile(result.model);
      expect(metadata.training.validation).toMatchObject(result.validation!);
      const log = (await readFile(result.log, 'utf8')).trim().split('\n');
      expect(log.map((line) => JSON.parse(line).kind)).toEqual(
        [1, 2, 3].flatMap(() => ['epoch', 'validation']),
      );
      // The model is measured as it was while it was trained.
      const { evaluation } = await evaluateModel({
        model: result.model,
        source: pictures.directory,
        threads: 1,
      });
      const line = log
        .map((text) => JSON.parse(text))
        .find(({ kind, step }) => kind === 'validation' && step === best.step);
      expect(evaluation.mapAtR).toBe(line.statistics.mapAtR);
      expect((await readdir(join(pictures.root, 'out'))).sort()).toEqual(['model.log.jsonl', 'model.onnx']);
      expect(last.step).toBe(12);
    });

    it('validates on about as many images as it is told, some of each class', async () => {
      const pictures = await pictureFolder({ amber: 40, blue: 40, clay: 4 });
      const { validation: found, log } = await trainModel(
        request(pictures, {
          validation: {
            source: `${pictures.directory}:all`,
            images: 21,
            everyEpochs: 3,
            metric: 'precisionAt1',
          },
        }),
      );
      expect(found!.best.epoch).toBe(3);
      expect(await readFile(log, 'utf8')).toContain('"effectiveRank":');
    });

    it('is another run by another validation, and the same by the same', async () => {
      const pictures = await pictureFolder();
      const source = `${pictures.directory}:test`;
      const asked = request(pictures, { validation: { ...validation, source }, resume: true });
      const first = await trainModel(asked);
      expect(await trainModel(asked)).toEqual({ ...first, alreadyFinished: true });
      for (const other of [undefined, { source }, { ...validation, source, keep: 'last' as const }])
        await expect(trainModel({ ...asked, validation: other })).rejects.toMatchObject({
          code: 'checkpoint-mismatch',
        });
    });

    it('refuses a metric that there is not before it looks at any image', async () => {
      const asked = { source: 'nowhere', out: 'x.onnx', validation: { source: 'nowhere', metric: 'mapAtK' } };
      await expect(trainModel(asked)).rejects.toThrow(
        /--metric: expected a metric: precisionAt1, .*got 'mapAtK'/,
      );
      await expect(trainModel({ ...asked, validation: { metric: 'mapAtR' } })).rejects.toThrow(
        /validation: expected images to validate on, got none, but metric; /,
      );
    });
  });

  describe('with a run folder', () => {
    const inRun = async (changes: Partial<TrainOptions> = {}) => {
      const pictures = await pictureFolder();
      const run = join(pictures.root, 'runs', 'one');
      const options: TrainOptions = {
        ...request(pictures, { out: undefined, run }),
        recipe: { base: 'keras-example', epochs: 3, batchesPerEpoch: 25 },
        validation: { source: `${pictures.directory}:test` },
        ...changes,
      };
      return { pictures, run, options };
    };
    const json = async (...path: string[]) => JSON.parse(await readFile(join(...path), 'utf8'));

    it('leaves all of a run in it', async () => {
      const { pictures, run, options } = await inRun();
      const result = await trainModel(options);
      expect((await readdir(run)).sort()).toEqual(
        [
          'checkpoints',
          'curves.png',
          'data.json',
          'environment.json',
          'last.onnx',
          'log.jsonl',
          'model.onnx',
          'result.json',
          'train.json',
        ].sort(),
      );
      expect((await readdir(join(run, 'checkpoints'))).sort()).toEqual([
        'best.checkpoint',
        'last.checkpoint',
      ]);
      expect(result.run).toBe(run);
      expect(await json(run, 'result.json')).toEqual(result);
      expect(await json(run, 'train.json')).toEqual({
        source: pictures.directory,
        recipe: describeRecipe({ ...recipes['keras-example'], epochs: 3, batchesPerEpoch: 25 }),
        seed: 0,
        validation: { source: `${pictures.directory}:test` },
        threads: 1,
      });
      expect(await json(run, 'data.json')).toMatchObject({
        training: {
          images: 18,
          fingerprint: expect.any(String),
          classes: [{ name: 'amber', images: 6 }, {}, {}],
        },
        validation: { images: 6 },
      });
      expect(await json(run, 'environment.json')).toEqual([
        expect.objectContaining({
          node: process.version,
          threads: 1,
          device: 'cpu',
          cpu: expect.any(String),
        }),
      ]);
      const lines = (await readFile(join(run, 'log.jsonl'), 'utf8'))
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));
      expect(lines.filter(({ kind }) => kind === 'steps')).toHaveLength(27);
      expect(lines.map(({ step }) => step)).toEqual(lines.map(({ step }) => step).sort((a, b) => a - b));
      const { width } = await decodeImage(await readFile(join(run, 'curves.png')));
      expect(width).toBeGreaterThan(500);
    });

    it('takes its own train.json for a configuration, and makes the same model of it', async () => {
      const { run, options } = await inRun();
      const { modelId } = await trainModel(options);
      const again = await trainModel({
        config: join(run, 'train.json'),
        run: `${run}-again`,
        open: options.open,
      });
      expect(again.modelId).toBe(modelId);
      expect(await json(`${run}-again`, 'train.json')).toEqual(await json(run, 'train.json'));
    });

    it('goes on by its name alone, and adds a sitting to the environment', async () => {
      const { run, options } = await inRun();
      const whole = await trainModel({ ...options, run: `${run}-whole` });
      const stopped = await trainModel({ ...options, ...stopAfter(0.4) });
      expect(stopped).toMatchObject({ finished: false, modelId: null });
      expect(await json(run, 'result.json')).toEqual(stopped);
      const resumed = await trainModel({ run, resume: true, open: options.open });
      expect(resumed).toMatchObject({ finished: true, modelId: whole.modelId });
      expect(await json(run, 'environment.json')).toHaveLength(2);
      expect(await trainModel({ run, resume: true, open: options.open })).toEqual({
        ...resumed,
        alreadyFinished: true,
      });
      for (const file of ['last.onnx', 'model.onnx'])
        expect((await readFile(join(run, file))).equals(await readFile(join(`${run}-whole`, file)))).toBe(
          true,
        );
    });

    it('is not written into by another run, and replaced only when told to', async () => {
      const { run, options } = await inRun();
      const { modelId } = await trainModel(options);
      await expect(trainModel(options)).rejects.toThrow(
        /runs\/one: expected a folder without a run, got one with a finished run/,
      );
      await expect(trainModel({ ...options, seed: 5, resume: true })).rejects.toMatchObject({
        code: 'checkpoint-mismatch',
      });
      expect(await json(run, 'train.json')).toMatchObject({ seed: 0 });
      const anew = await trainModel({ ...options, seed: 5, overwrite: true, validation: undefined });
      expect(anew.modelId).not.toBe(modelId);
      expect(await json(run, 'train.json')).toMatchObject({ seed: 5 });
      expect(existsSync(join(run, 'last.onnx'))).toBe(false);
      expect(existsSync(join(run, 'checkpoints', 'best.checkpoint'))).toBe(false);
    });

    it('gets a new folder for every run in a folder of runs, and none where it could not begin', async () => {
      const { pictures, options } = await inRun();
      const runsDir = join(pictures.root, 'many');
      const asked = { ...options, run: undefined, runsDir, epochs: 1 };
      await expect(trainModel({ ...asked, source: join(pictures.root, 'none') })).rejects.toThrow();
      const [first, second] = [await trainModel(asked), await trainModel({ ...asked, seed: 1 })];
      expect([first.run, second.run]).toEqual(
        [1, 2].map((number) => join(runsDir, `pictures-keras-example-${number}`)),
      );
      expect(await listRuns(runsDir)).toMatchObject([
        { seed: 0, finished: true, epochs: 1, metric: 'mapAtR' },
        { seed: 1, finished: true, epochs: 1, metric: 'mapAtR' },
      ]);
      const chart = join(pictures.root, 'chart.png');
      const compared = await compareRuns({ runs: [first.run!, second.run!], chart });
      expect(compared.differences).toEqual([{ path: 'seed', values: [0, 1] }]);
      expect(compared.runs[1]).toMatchObject({ loss: second.loss, bestValue: second.validation!.best.value });
      expect((await decodeImage(await readFile(chart))).width).toBeGreaterThan(500);
    });

    it.each<[string, Partial<TrainOptions>, RegExp]>([
      ['no place', { run: undefined }, /expected one place .*, got none; name one$/],
      ['two places', { out: 'm.onnx' }, /got 2; name one only$/],
      ['no source', { source: undefined }, /train: expected a source, got none; /],
      [
        'a folder of runs to resume in',
        { run: undefined, runsDir: 'runs', resume: true },
        /name the run by --run/,
      ],
    ])('refuses %s', async (_, changes, message) => {
      const { options } = await inRun(changes);
      await expect(trainModel(options)).rejects.toThrow(message);
    });
  });

  it('removes nothing of an earlier model where a new run fails', async () => {
    const pictures = await pictureFolder();
    const { model, modelId } = await trainModel(request(pictures));
    await rm(join(pictures.directory, 'amber'), { recursive: true });
    await rm(join(pictures.directory, 'blue'), { recursive: true });
    await expect(trainModel(request(pictures))).rejects.toEqual(
      expect.objectContaining({ code: 'too-few-images' }),
    );
    expect((await readModelFile(model)).id).toBe(modelId);
  });
});
