import { copyFile, readFile, writeFile } from 'node:fs/promises';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../../src/core/random.js';
import { CommandLine, errorLine } from './command-line.js';
import { classNames, writeClassFolders } from './write-class-folders.js';

const cli = new CommandLine();
const share = expect.toSatisfy((value) => typeof value === 'number' && value >= 0 && value <= 1);
const estimate = { value: share, low: share, high: share };

beforeAll(async () => {
  await writeClassFolders(cli.path('fruit'), 25);
  // Hues alone are no task. With some labels wrong there is something to be unsure of.
  const random = Random.of(1, 'wrong labels');
  for (let i = 0; i < 16; i++) {
    const [from, to] = random.sample(2, classNames.length).map((c) => classNames[c]);
    await copyFile(cli.path('fruit', from, `${i}.png`), cli.path('fruit', to, `wrong-${i}.png`));
  }
  await cli.json('train', 'fruit', '-o', 'fruit.onnx', '--epochs', '1', '--batches', '20');
}, 120_000);

describe('the walk from scores to probabilities', () => {
  it('calibrates a model: the file says so, and keeps its id', async () => {
    const { modelId } = await cli.json('models', 'info', 'fruit.onnx');
    const args = ['calibrate', 'fruit.onnx', 'fruit:all', '-o', 'out/calibrated.onnx'];
    const calibrated = await cli.json(...args, '--target', 'recall=0.5', '--chart', 'out/chart.png');
    expect(calibrated).toMatchObject({
      model: 'out/calibrated.onnx',
      modelId,
      calibration: {
        source: { name: 'fruit:all', images: 116, classes: 4, seenClasses: 4, isTrainingData: true },
        population: { kind: 'neighbours', k: 10 },
        halvedBy: 'images',
        heldOut: { pairs: expect.any(Number), ece: share, brier: share, baseRate: share },
        thresholds: [
          {
            target: { figure: 'recall', value: 0.5 },
            heldOut: { precision: estimate, recall: estimate, falseMatchRate: estimate },
          },
        ],
        unknownClasses: { knownClasses: 3, withheldClasses: 1, auroc: share, falsePositiveRateAt95: share },
      },
      warnings: [expect.stringContaining('the model was trained on images of fruit:all')],
      notes: [expect.stringContaining('all 4 classes were seen in training')],
      chart: 'out/chart.png',
      skipped: [],
    });
    expect((await sharp(await readFile(cli.path('out/chart.png'))).metadata()).format).toBe('png');

    const info = await cli.json('models', 'info', 'out/calibrated.onnx');
    expect(info.modelId).toBe(modelId);
    expect(info.calibration).toEqual(calibrated.calibration);
    expect((await cli.json('models', 'info', 'fruit.onnx')).calibration).toBeNull();
  });

  it('says for people how well it does, and warns on stderr', async () => {
    await copyFile(cli.path('fruit.onnx'), cli.path('own.onnx'));
    const { code, stdout, stderr } = await cli.run(
      'calibrate',
      'own.onnx',
      'fruit:train',
      '--pairs',
      'random',
    );
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(
      /^model +own\.onnx \([0-9a-f]{12}\)\ncalibrated on +fruit:train: \d+ images of 4 classes/,
    );
    expect(stdout).toMatch(/\nheld out +ECE 0\.\d{4} \(\d+ bins of equal mass\)/);
    expect(stdout).toMatch(/\nunknown classes +1 of 4 withheld: AUROC [01]\.\d{4}/);
    expect(stdout).toMatch(/\ntarget +score +probability +fitted \(95 %\) +held out \(95 %\) +holds/);
    expect(stderr).toMatch(/^warning: the model was trained on images of fruit:train/m);
    expect(stderr).toMatch(/^note: all 4 classes were seen in training/m);
    expect(stderr).toMatch(/^Use it: imagekin search .* --model own\.onnx --min-probability 0\.9$/m);
    const { stdout: info } = await cli.run('models', 'info', 'own.onnx');
    expect(info).toMatch(/\ncalibrated on +fruit:train/);
    expect(info).toMatch(/\nthresholds +precision ≥ 0\.9 /);
  });

  it('shows in a search how likely each hit is, and leaves out the unlikely where told to', async () => {
    const search = ['search', 'fruit', 'fruit/lemon/3.png', '-k', '100'];
    const plain = await cli.json(...search, '-m', 'fruit.onnx');
    expect(plain.results[0].hits[0]).not.toHaveProperty('probability');
    const { hits } = (await cli.json(...search, '-m', 'out/calibrated.onnx')).results[0];
    expect(hits).toHaveLength(100);
    hits.forEach(({ probability, ...hit }: { probability: number }, i: number) => {
      expect(hit).toEqual(plain.results[0].hits[i]);
      expect(probability).toEqual(share);
      if (i > 0) expect(probability).toBeLessThanOrEqual(hits[i - 1].probability);
    });
    const least = hits[40].probability;
    const likely = await cli.json(...search, '-m', 'out/calibrated.onnx', '--min-probability', String(least));
    expect(likely.results[0].hits).toEqual(
      hits.filter(({ probability }: { probability: number }) => probability >= least),
    );

    const { stdout } = await cli.run(...search, '-m', 'out/calibrated.onnx');
    const lines = stdout.trimEnd().split('\n');
    expect(lines[0]).toMatch(/^query +rank +score +probability +label +image$/);
    expect(lines[1]).toMatch(/ 1 +1\.0000 +[01]\.\d{3} +lemon +lemon\/3\.png$/);
  });
});

describe('a calibration that cannot be', () => {
  it.each([
    ['--min-probability 0.5 -m fruit.onnx', 2, /^search: a least probability: expected a calibrated model/],
    [
      '--min-probability 1.5 -m fruit.onnx',
      2,
      /^--min-probability: expected a number from 0 to 1, got "1\.5"/,
    ],
  ])('is refused by search fruit fruit/lemon/3.png %s', async (args, code, says) => {
    const ended = await cli.run('search', 'fruit', 'fruit/lemon/3.png', ...args.split(' '));
    expect(ended).toMatchObject({ code, stdout: '' });
    expect(ended.stderr).toMatch(errorLine);
    expect(ended.stderr).toMatch(says);
  });

  it.each([
    ['fruit --target f1=0.9', 2, /^--target: expected precision, recall, false-match-rate/],
    ['fruit --method beta', 2, /--method/],
    ['fruit:all -k 1 --seed -1', 2, /^--seed: expected a whole number/],
    ['few:all', 1, /^calibration: expected in each half of the images at least 10 pairs of one class/],
  ])('is refused by calibrate fruit.onnx %s, and nothing is written', async (args, code, says) => {
    await writeClassFolders(cli.path('few'), 2);
    const before = await readFile(cli.path('fruit.onnx'));
    const ended = await cli.run('calibrate', 'fruit.onnx', ...args.split(' '));
    expect(ended).toMatchObject({ code, stdout: '' });
    expect(ended.stderr).toMatch(says);
    expect(Buffer.compare(await readFile(cli.path('fruit.onnx')), before)).toBe(0);
  });

  it('is a damaged model file where its calibration was changed', async () => {
    const bytes = await readFile(cli.path('out/calibrated.onnx'));
    bytes[bytes.lastIndexOf('"baseRate":0.') + 13]! ^= 1;
    await writeFile(cli.path('changed.onnx'), bytes);
    for (const args of [
      ['models', 'info', 'changed.onnx'],
      ['search', 'fruit', 'fruit/lemon/3.png', '-m', 'changed.onnx'],
    ]) {
      const { code, stderr } = await cli.run(...args, '--quiet');
      expect(code).toBe(1);
      expect(stderr).toMatch(/^changed\.onnx: expected a whole model file, got \d+ bytes .*\n$/);
    }
  });
});
