import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { CommandLine } from './command-line.js';
import { classNames, speckledImage, writeClassFolders } from './write-class-folders.js';

const cli = new CommandLine();
const share = expect.toSatisfy((value) => typeof value === 'number' && value >= 0 && value <= 1);
const sha256 = expect.stringMatching(/^[0-9a-f]{64}$/);

beforeAll(async () => {
  await writeClassFolders(cli.path('fruit'), 10);
  await speckledImage('lemon', 99, 200).jpeg().toFile(cli.path('query.jpg'));
  await speckledImage('plum', 99, 50).webp().toFile(cli.path('other.webp'));
});

/** Every picture is a PNG file that decodes. */
async function expectPictures(paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    const { format, width } = await sharp(await readFile(cli.path(path))).metadata();
    expect(format).toBe('png');
    expect(width).toBeGreaterThan(50);
  }
}

describe('the walk through a folder of images', () => {
  it('looks at it: counts and pictures', async () => {
    const shown = await cli.json('data', 'show', 'fruit', '--out', 'look');
    expect(shown).toEqual({
      source: 'fruit:all',
      images: 40,
      classes: classNames.map((name) => ({ name, images: 10 })),
      pictures: ['look/images.png', 'look/batch.png', 'look/classes.png'],
      skipped: [],
    });
    await expectPictures(shown.pictures);
  });

  it('looks at it in a table, by default into ./imagekin-look', async () => {
    const { code, stdout, stderr } = await cli.run('data', 'show', 'fruit:test');
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(
      /^source +fruit:test\nimages +8\nclasses +4\npictures +\.?\/?imagekin-look\/images\.png\n/,
    );
    expect(stdout).toMatch(/\nclass +images\napple +2\nleaf +2\nlemon +2\nplum +2\n$/);
    expect(existsSync(cli.path('imagekin-look', 'classes.png'))).toBe(true);
  });

  it('trains: a model, a log, no checkpoint left', async () => {
    const trained = await cli.json(
      ...['train', 'fruit', '-o', 'models/fruit.onnx', '--epochs', '3', '--batches', '40', '--seed', '7'],
    );
    expect(trained).toEqual({
      finished: true,
      alreadyFinished: false,
      stoppedEarly: false,
      model: 'models/fruit.onnx',
      modelId: sha256,
      run: null,
      source: 'fruit:train',
      recipe: 'keras-example',
      seed: 7,
      images: 32,
      classes: 4,
      loss: trained.lossByEpoch[2],
      lossByEpoch: [expect.any(Number), expect.any(Number), expect.any(Number)],
      validation: null,
      seconds: expect.any(Number),
      imagesPerSecond: expect.any(Number),
      log: 'models/fruit.log.jsonl',
      checkpoint: 'models/fruit.onnx.checkpoint',
      skipped: [],
    });
    expect(trained.loss).toBeLessThan(trained.lossByEpoch[0]);
    expect((await cli.files()).filter((path) => path.startsWith('models'))).toEqual([
      'models/fruit.log.jsonl',
      'models/fruit.onnx',
    ]);
    const log = (await readFile(cli.path('models/fruit.log.jsonl'), 'utf8')).trim().split('\n');
    expect(log.map((line) => JSON.parse(line))).toEqual(
      trained.lossByEpoch.map((loss: number, i: number) => ({
        kind: 'epoch',
        epoch: i + 1,
        step: 40 * (i + 1),
        loss,
        seconds: expect.any(Number),
        statistics: expect.objectContaining({ meanCosine: expect.any(Number) }),
      })),
    );
  });

  it('says what made the model', async () => {
    const info = await cli.json('models', 'info', 'models/fruit.onnx');
    expect(info).toMatchObject({
      model: 'models/fruit.onnx',
      modelId: sha256,
      inputSize: { width: 32, height: 32 },
      dimension: 8,
      recipe: { name: 'keras-example', epochs: 3, batchesPerEpoch: 40 },
      seed: 7,
      data: { name: 'fruit:train', images: 32, classes: classNames },
      loss: expect.any(Number),
    });
    const { code, stdout } = await cli.run('models', 'info', 'models/fruit.onnx');
    expect(code).toBe(0);
    expect(stdout).toContain(`id          ${info.modelId}`);
    expect(stdout).toContain('trained on  fruit:train: 32 images of 4 classes');
  });

  it('tests it: every figure at the top level, the cells in the report alone', async () => {
    const tested = await cli.json('eval', 'models/fruit.onnx', 'fruit', '--report', 'report');
    expect(tested).toMatchObject({
      model: 'models/fruit.onnx',
      modelId: sha256,
      source: 'fruit:test',
      images: 8,
      queries: 8,
      leftOut: 0,
      precisionAt1: share,
      precisionAt10: share,
      rPrecision: share,
      mapAtR: share,
      map: share,
      mrr: share,
      recallAtK: expect.objectContaining({ 1: share, 10: share }),
      ndcgAtK: expect.objectContaining({ 1: share, 10: share }),
      knnAccuracy: share,
      macro: expect.objectContaining({ rPrecision: share }),
      intervals: expect.objectContaining({ precisionAt1: { low: 1, high: 1 }, resamples: 1000 }),
      nmi: null,
      ami: null,
      gallery: null,
      comparison: null,
      baseline: { precisionAt1: share, rPrecision: share },
      loss: expect.any(Number),
      seconds: expect.any(Number),
      imagesPerSecond: expect.any(Number),
      report: 'report/index.html',
      skipped: [],
    });
    // Four flat colours are no task.
    expect(tested.precisionAt1).toBe(1);
    for (const field of ['confusion', 'confusionOfFirstTen', 'examples', 'classNames'])
      expect(tested).not.toHaveProperty(field);
    const { evaluation } = JSON.parse(await readFile(cli.path('report/evaluation.json'), 'utf8'));
    expect(evaluation.confusion.cells.length).toBeGreaterThan(0);
    expect(evaluation.precisionAt1).toBe(tested.precisionAt1);
    expect(await readFile(cli.path('report/index.html'), 'utf8')).toContain(
      'imagekin eval models/fruit.onnx fruit --report report',
    );
    await expectPictures((await cli.files()).filter((path) => /^report\/.*\.png$/.test(path)));
  });

  it('prints the figures with their formulas for people, beside the floor where that is asked for', async () => {
    const { code, stdout, stderr } = await cli.run('eval', 'models/fruit.onnx', 'fruit', '--baseline');
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(/^model +models\/fruit\.onnx \([0-9a-f]{12}\)\ntested on +fruit:test: 8 images\n/);
    expect(stdout).toMatch(
      /\nmetric +value +± +by class +raw pixels +formula\nprecision@1 +1\.0000 +0\.0000 +1\.0000 +[01]\.\d{4} +mean over/,
    );
    expect(stdout).toMatch(/\nkNN accuracy +[01]\.\d{4} +0\.\d{4} +share of/);
    expect(stdout).toMatch(/\n±: half of the 95 % interval, from 1,000 resamples of the queries;/);
    expect(stderr).toBe('');
  });

  it('compares it with a second model, here itself, and clusters', async () => {
    const args = ['eval', 'models/fruit.onnx', 'fruit', '--compare', 'models/fruit.onnx', '--clusters'];
    const tested = await cli.json(...args, '--ks', '1,3', '--bootstrap', '200');
    expect(tested.comparison).toMatchObject({
      model: 'models/fruit.onnx',
      precisionAt1: 1,
      nmi: tested.nmi,
      differences: { mapAtR: { difference: 0, low: 0, high: 0, p: 1 } },
    });
    expect(tested.ami).toBeGreaterThan(0.5);
    expect(tested.intervals.resamples).toBe(200);
    const { stdout } = await cli.run(...args);
    expect(stdout).toMatch(/\nmetric +model +against +difference +95 % interval +p\n/);
    expect(stdout).toMatch(/\nprecision@1 +1\.0000 +1\.0000 +\+0\.0000 +\+0\.0000 to \+0\.0000 +1\.000\n/);
    expect(stdout).toMatch(/\nAMI +[01]\.\d{4} +[01]\.\d{4} +\+0\.0000\n/);
  });

  it('looks for images of one source in another', async () => {
    const tested = await cli.json('eval', 'models/fruit.onnx', 'fruit', '--gallery', 'fruit:train');
    expect(tested).toMatchObject({ source: 'fruit:test', gallery: 'fruit:train', searched: 32, queries: 8 });
    const { code, stderr } = await cli.run('eval', 'models/fruit.onnx', 'fruit', '--gallery', 'fruit');
    expect(code).toBe(2);
    expect(stderr).toContain('expected a set without the queries');
  });

  it('trains on half of the classes and tests on the other', async () => {
    const args = ['train', 'fruit:train-classes', '-o', 'half.onnx', '--epochs', '1', '--batches', '2'];
    expect(await cli.json(...args)).toMatchObject({ source: 'fruit:train-classes', classes: 2, images: 20 });
    const tested = await cli.json('eval', 'half.onnx', 'fruit:unseen-classes');
    expect(tested).toMatchObject({ queries: 20, knnAccuracy: null });
    expect(tested.perClass).toHaveLength(2);
  });

  it('searches with it, files of other kinds and sizes among those of a folder', async () => {
    const args = ['search', 'fruit', 'query.jpg', 'other.webp', '--model', 'models/fruit.onnx', '-k', '3'];
    const found = await cli.json(...args, '--sheet', 'found.png');
    expect(found).toMatchObject({
      model: 'models/fruit.onnx',
      modelId: sha256,
      gallery: 'fruit',
      searched: 40,
      sheet: 'found.png',
      skipped: [],
    });
    expect(found.results.map(({ image }: { image: string }) => image)).toEqual(['query.jpg', 'other.webp']);
    for (const { hits } of found.results) {
      expect(hits.map(({ rank }: { rank: number }) => rank)).toEqual([1, 2, 3]);
      const scores = hits.map(({ score }: { score: number }) => score);
      expect([...scores].sort((a, b) => b - a)).toEqual(scores);
    }
    expect(found.results[0].hits[0]).toMatchObject({
      id: expect.stringMatching(/^lemon\/\d\.png$/),
      label: 'lemon',
    });
    await expectPictures(['found.png']);

    const { stdout } = await cli.run(...args);
    const lines = stdout.trimEnd().split('\n');
    expect(lines).toHaveLength(7);
    expect(lines[0]).toMatch(/^query +rank +score +label +image$/);
    expect(lines[1]).toMatch(/^query\.jpg +1 +[01]\.\d{4} +lemon +lemon\/\d\.png$/);
    expect(lines[4]).toMatch(/^other\.webp +1 +[01]\.\d{4} +plum +plum\/\d\.png$/);
  });

  it('finds no more than there is', async () => {
    const found = await cli.json('search', 'fruit:test', 'query.jpg', '-m', 'models/fruit.onnx', '-k', '500');
    expect(found.results[0].hits).toHaveLength(8);
  });

  it('lists the sources known by name, and where they would lie', async () => {
    const { sources } = await cli.json('data', 'sources');
    expect(sources).toEqual([
      expect.objectContaining({
        name: 'cifar10',
        here: false,
        path: cli.path('home', 'cifar10', 'cifar-10-batches-bin'),
      }),
      expect.objectContaining({ name: 'emoji', here: false, path: cli.path('home', 'emoji') }),
    ]);
  });
});

describe('files that cannot be used', () => {
  beforeAll(async () => {
    await writeClassFolders(cli.path('basket'), 4);
    const whole = await readFile(cli.path('basket/plum/3.png'));
    await sharp(cli.path('basket/plum/3.png')).toFile(cli.path('basket/plum/4.png'));
    await writeFile(cli.path('basket/plum/3.png'), whole.subarray(0, whole.length / 2));
    await writeFile(cli.path('note.jpg'), 'not a picture');
  });

  it('are left out of a gallery, listed on stderr, and told by exit code 3', async () => {
    const { code, stdout, stderr } = await cli.run(
      ...['search', 'basket', 'query.jpg', '--model', 'models/fruit.onnx', '--json', '--quiet'],
    );
    expect(code).toBe(3);
    const found = JSON.parse(stdout);
    expect(found.searched).toBe(16);
    expect(found.skipped).toEqual([{ path: 'basket/plum/3.png', reason: expect.stringMatching(/\w+/) }]);
    expect(stderr).toBe(`skipped basket/plum/3.png: ${found.skipped[0].reason}\n1 file skipped\n`);
  });

  it('are left out of a training and of a look', async () => {
    const shown = await cli.run('data', 'show', 'basket', '--json');
    expect(shown.code).toBe(3);
    expect(JSON.parse(shown.stdout).images).toBe(16);
    expect(shown.stderr).toContain('skipped basket/plum/3.png: ');
    const trained = await cli.run(
      'train',
      'basket:all',
      '-o',
      'basket.onnx',
      '--epochs',
      '1',
      '--batches',
      '2',
    );
    expect(trained.code).toBe(3);
    expect(trained.stderr).toContain('skipped basket/plum/3.png: ');
    expect(trained.stdout).toContain('basket:all: 16 images of 4 classes');
  });

  it('are left out of the queries while others remain', async () => {
    const args = ['search', 'fruit', 'note.jpg', 'query.jpg', 'gone.png', '--model', 'models/fruit.onnx'];
    const { code, stdout, stderr } = await cli.run(...args, '--json');
    expect(code).toBe(3);
    const found = JSON.parse(stdout);
    expect(found.results.map(({ image }: { image: string }) => image)).toEqual(['query.jpg']);
    expect(found.skipped.map(({ path }: { path: string }) => path)).toEqual(['note.jpg', 'gone.png']);
    expect(stderr).toContain('skipped note.jpg: expected');
    expect(stderr).toContain('skipped gone.png: expected an image file, got no such file');
    expect(stderr).toContain('2 files skipped');
  });
});

describe('what goes where', () => {
  it('puts progress and hints on stderr, and neither with --quiet', async () => {
    const args = ['train', 'fruit', '-o', 'loud.onnx', '--epochs', '2', '--batches', '2'];
    const loud = await cli.run(...args);
    expect(loud.stderr).toMatch(/^epoch 1\/2 {2}loss \d\.\d{4} {2}\d\.\d s$/m);
    expect(loud.stderr).toMatch(/^Test it: imagekin eval loud\.onnx fruit --report report$/m);
    expect(loud.stdout).toMatch(/^model +loud\.onnx \(/);
    expect(loud.stdout).not.toContain('epoch');
    const quiet = await cli.run(...args, '--quiet');
    expect(quiet.stderr).toBe('');
    // The same model, but for the time in which it was made.
    expect(quiet.stdout.split('\n')[0]).toBe(loud.stdout.split('\n')[0]);
  });

  it('takes it well when its reader has seen enough', async () => {
    const { child, ended } = cli.start('data', 'show', 'fruit');
    child.stdout!.destroy();
    const { code, stderr } = await ended;
    expect(stderr).toBe('');
    expect(code).toBe(0);
  });
});
