import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { pictureFolder } from '../../test/fixtures/picture-folder.js';
import { temporaryDirectory } from '../../test/fixtures/temporary-directory.js';
import { tinyRecipe } from '../../test/fixtures/tiny-recipe.js';
import { sharedModel } from '../../test/fixtures/trained-model.js';
import { readModelFile } from '../embedding/model-file.js';
import { evaluateModel } from './evaluate-model.js';
import { trainModel } from './train-model.js';

const shared = sharedModel();

/** An evaluation of the shared model on the shared pictures, and a place for what a test writes. */
async function request() {
  const { model, pictures } = shared;
  const root = await temporaryDirectory();
  return { source: pictures.directory, model, threads: 1, open: pictures.open, root };
}

/** The same on pictures of its own. */
async function requestOn(imagesPerClass?: Record<string, number>) {
  const { directory, root, open } = await pictureFolder(imagesPerClass);
  return { source: directory, model: shared.model, threads: 1, open, root };
}

describe('evaluateModel', () => {
  it('measures the test split of a source by its neighbours', async () => {
    const options = await request();
    const result = await evaluateModel(options);
    const { id, metadata } = await readModelFile(options.model);
    expect(result).toEqual({
      model: options.model,
      modelId: id,
      source: `${options.source}:test`,
      gallery: null,
      evaluation: result.evaluation,
      comparison: null,
      baseline: null,
      loss: metadata.training.lossByEpoch[2],
      images: 6,
      seconds: expect.any(Number),
      imagesPerSecond: expect.any(Number),
      report: null,
      skipped: [],
    });
    expect(result.imagesPerSecond).toBeGreaterThan(0);
    const { evaluation } = result;
    expect(evaluation.queries).toBe(6);
    for (const share of [evaluation.precisionAt1, evaluation.rPrecision, evaluation.mapAtR]) {
      expect(share).toBeGreaterThanOrEqual(0);
      expect(share).toBeLessThanOrEqual(1);
    }
    expect(evaluation.knnAccuracy).not.toBeNull();
    expect(evaluation.perClass.map(({ name, images }) => [name, images])).toEqual([
      ['amber', 2],
      ['blue', 2],
      ['clay', 2],
    ]);
    expect(JSON.parse(JSON.stringify(result))).toEqual(result);
  });

  it('measures the same, but for the time, each time', async () => {
    const options = await request();
    const [first, second] = [await evaluateModel(options), await evaluateModel(options)];
    expect(second.evaluation).toEqual(first.evaluation);
  });

  it.each(['train', 'all'])('takes no vote of the training split where %s is measured', async (split) => {
    const options = await request();
    const { evaluation, source } = await evaluateModel({ ...options, source: `${options.source}:${split}` });
    expect(source).toBe(`${options.source}:${split}`);
    expect(evaluation.knnAccuracy).toBeNull();
  });

  it('takes no vote of a training split that has no class in common', async () => {
    const options = await requestOn({ 'train/amber': 4, 'train/blue': 4, 'test/clay': 3, 'test/dust': 3 });
    const { evaluation } = await evaluateModel(options);
    expect(evaluation.knnAccuracy).toBeNull();
    expect(evaluation.perClass.map(({ name }) => name)).toEqual(['clay', 'dust']);
  });

  it('searches another source where one is named', async () => {
    const options = await request();
    const gallery = `${options.source}:train`;
    const result = await evaluateModel({ ...options, gallery, report: join(options.root, 'report') });
    expect(result.gallery).toBe(gallery);
    expect(result.evaluation).toMatchObject({ queries: 6, searched: 18, leftOut: 0 });
    expect(result.evaluation.examples[0]!.neighbours).toHaveLength(10);
    expect(await readFile(result.report!, 'utf8')).toContain(`its nearest neighbours in ${gallery}, of 18`);
  });

  it.each(['all', 'test'])('refuses a gallery that holds the queries (%s)', async (split) => {
    const options = await request();
    const gallery = `${options.source}/../pictures:${split}`;
    await expect(evaluateModel({ ...options, gallery })).rejects.toMatchObject({
      code: 'wrong-usage',
      message: expect.stringContaining('expected a set without the queries'),
    });
  });

  it('compares with a second model on the same queries', async () => {
    const options = await request();
    const untrained = join(options.root, 'untrained.onnx');
    const recipe = { ...tinyRecipe(), epochs: 1, batchesPerEpoch: 1 };
    await trainModel({ ...options, out: untrained, recipe });
    const report = join(options.root, 'report');
    const result = await evaluateModel({ ...options, compare: untrained, report });
    const { comparison, evaluation } = result;
    expect(comparison).toMatchObject({ model: untrained, modelId: expect.stringMatching(/^[0-9a-f]{64}$/) });
    const second = (await evaluateModel({ ...options, model: untrained })).evaluation;
    expect(comparison!.evaluation).toEqual(second);
    expect(comparison!.differences!.map.difference).toBeCloseTo(second.map - evaluation.map, 12);
    expect(comparison!.differences!.knnAccuracy!.difference).toBeCloseTo(
      second.knnAccuracy! - evaluation.knnAccuracy!,
      12,
    );
    expect(await readFile(result.report!, 'utf8')).toContain('asked the same queries');
  });

  it('finds no difference between a model and itself', async () => {
    const options = await request();
    const { comparison } = await evaluateModel({ ...options, compare: options.model });
    expect(comparison!.differences!.mapAtR).toEqual({ difference: 0, low: 0, high: 0, p: 1 });
    const without = await evaluateModel({ ...options, compare: options.model, bootstrap: 0 });
    expect(without.comparison!.differences).toBeNull();
    expect(without.evaluation.intervals).toBeNull();
  });

  it('clusters and measures at other k when asked to', async () => {
    const options = await request();
    const { evaluation } = await evaluateModel({ ...options, clusters: true, ks: [2] });
    expect(evaluation.clusters).toBe(3);
    expect(evaluation.nmi).toBeGreaterThanOrEqual(0);
    expect(Object.keys(evaluation.ndcgAtK)).toEqual(['2']);
  });

  it('tests on the classes that a model has not met', async () => {
    const options = await request();
    const { evaluation, source } = await evaluateModel({
      ...options,
      source: `${options.source}:train-classes`,
    });
    expect(source).toBe(`${options.source}:train-classes`);
    expect(evaluation.perClass).toHaveLength(2);
    expect(evaluation).toMatchObject({ queries: 16, knnAccuracy: null });
  });

  it('writes a report: a page with all in it, its pictures, and the figures as JSON', async () => {
    const options = await request();
    const report = join(options.root, 'deep', 'report');
    const result = await evaluateModel({ ...options, report, command: 'imagekin eval <model> & more' });
    expect(result.report).toBe(join(report, 'index.html'));
    expect(result.baseline).toEqual({
      precisionAt1: expect.any(Number),
      rPrecision: expect.any(Number),
    });

    const files = (await readdir(report)).sort();
    expect(files).toEqual(
      expect.arrayContaining([
        'confusion-first-ten.png',
        'confusion.png',
        'evaluation.json',
        'index.html',
        'loss.png',
        'neighbours.png',
      ]),
    );
    for (const file of files.filter((name) => name.endsWith('.png')))
      expect((await sharp(join(report, file)).metadata()).format).toBe('png');
    expect(files.filter((name) => name.includes('.part'))).toEqual([]);

    const page = await readFile(result.report!, 'utf8');
    expect(page.includes(result.evaluation.precisionAt1.toFixed(3))).toBe(true);
    expect(page.includes('imagekin eval &lt;model&gt; &amp; more')).toBe(true);
    // It shows nothing from outside itself, and links to the pictures beside it.
    expect([...page.matchAll(/\ssrc="(?!data:)([^"]*)"/g)]).toEqual([]);
    const links = [...page.matchAll(/href="(?!#|https:)([^"]*)"/g)].map(([, link]) => link);
    expect(links.filter((link) => !files.includes(link))).toEqual([]);
    expect(JSON.parse(await readFile(join(report, 'evaluation.json'), 'utf8'))).toEqual(result);
  });

  it('leaves the floor out of a report, or measures it without one, when told so', async () => {
    const options = await request();
    const report = join(options.root, 'report');
    expect((await evaluateModel({ ...options, report, baseline: false })).baseline).toBeNull();
    expect((await evaluateModel({ ...options, baseline: true })).baseline).not.toBeNull();
  });

  it('shows as examples only images of classes with another image', async () => {
    // A fifth of each class is for testing: one image of a small class, alone there.
    const options = await requestOn({ amber: 10, blue: 10, few: 4, rare: 4 });
    const { evaluation } = await evaluateModel(options);
    expect(evaluation.leftOut).toBe(2);
    expect(evaluation.examples.length).toBe(2);
    const names = evaluation.perClass.filter(({ images }) => images > 1).map(({ name }) => name);
    expect(names).toEqual(['amber', 'blue']);
  });

  it('says so where no class has two images to be measured', async () => {
    const options = await requestOn({ amber: 4, blue: 4 });
    await expect(evaluateModel(options)).rejects.toEqual(
      expect.objectContaining({
        code: 'too-few-images',
        message: expect.stringContaining('at least one class with two images in the test split'),
      }),
    );
  });

  it('lists files that do not decode', async () => {
    const options = await requestOn();
    const broken = join(options.source, 'blue', 'broken.png');
    await writeFile(broken, 'not a picture');
    const { skipped } = await evaluateModel({ ...options, source: `${options.source}:all` });
    expect(skipped.map(({ path }) => path)).toEqual([broken]);
  });

  it('refuses a model that is none, and a place for the report that is a file', async () => {
    const options = await request();
    await expect(evaluateModel({ ...options, model: join(options.source, 'blue', '0.png') })).rejects.toEqual(
      expect.objectContaining({ code: 'model-foreign' }),
    );
    await expect(evaluateModel({ ...options, report: options.model })).rejects.toEqual(
      expect.objectContaining({ code: 'file-not-writable' }),
    );
    await expect(evaluateModel({ ...options, model: join(options.root, 'none.onnx') })).rejects.toEqual(
      expect.objectContaining({ code: 'file-not-found' }),
    );
  });
});
