import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { CommandLine, errorLine } from './command-line.js';
import { writeClassFolders } from './write-class-folders.js';

const cli = new CommandLine();
const length = ['--epochs', '6', '--batches', '40'];
const validated = ['--validate', 'fruit:test', '--validate-every', '15steps', '--metric', 'mapAtR'];

beforeAll(async () => {
  await writeClassFolders(cli.path('fruit'), 10);
});

async function sameBytes(a: string, b: string): Promise<boolean> {
  const [first, second] = await Promise.all([a, b].map((path) => readFile(cli.path(path))));
  return first.equals(second);
}

describe('a run with a folder and validation', () => {
  it('leaves everything in it, and tells of each validation', async () => {
    const { code, stdout, stderr } = await cli.run(
      ...['train', 'fruit', '--run', 'runs/whole', ...length, ...validated],
    );
    expect(code, stderr).toBe(0);
    expect(stderr).toMatch(/^validation, epoch 1 {2}mapAtR [01]\.\d{4}, the best so far {2}\d/m);
    expect(stdout).toMatch(
      /^validation +mapAtR [01]\.\d{4} in epoch \d, [01]\.\d{4} in the last \(6\); the best is kept$/m,
    );
    expect(stdout).toMatch(/^run +runs\/whole$/m);
    expect((await cli.files()).filter((path) => path.startsWith('runs'))).toEqual(
      [
        'checkpoints/best.checkpoint',
        'checkpoints/last.checkpoint',
        'curves.png',
        'data.json',
        'environment.json',
        'last.onnx',
        'log.jsonl',
        'model.onnx',
        'result.json',
        'train.json',
      ].map((file) => `runs/whole/${file}`),
    );
  });

  it('killed in the middle, goes on by its name to the very same models', async () => {
    const { child, ended, said } = cli.start(
      ...['train', 'fruit', '--run', 'runs/killed', ...length, ...validated],
    );
    await said('validation, epoch 3');
    child.kill('SIGKILL');
    await ended;
    expect(existsSync(cli.path('runs/killed/model.onnx'))).toBe(false);

    const { code, stderr } = await cli.run('train', '--run', 'runs/killed', '--resume');
    expect(code, stderr).toBe(0);
    expect(stderr).not.toContain('validation, epoch 1');
    expect(await sameBytes('runs/killed/model.onnx', 'runs/whole/model.onnx')).toBe(true);
    expect(await sameBytes('runs/killed/last.onnx', 'runs/whole/last.onnx')).toBe(true);
    const withoutTimes = async (path: string) =>
      (await readFile(cli.path(path), 'utf8')).replaceAll(/"seconds":[\d.e-]+/g, '');
    expect(await withoutTimes('runs/killed/log.jsonl')).toBe(await withoutTimes('runs/whole/log.jsonl'));
  });

  it('is not written over by mistake', async () => {
    const { code, stderr } = await cli.run('train', 'fruit', '--run', 'runs/whole', ...length);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^runs\/whole: expected a folder without a run, got one with a finished run; /);
  });

  it('stops early where it does not get better', async () => {
    // A metric that four flat colours have at 1 from the start cannot rise.
    const result = await cli.json(
      ...['train', 'fruit', '--runs-dir', 'runs', '--epochs', '20', '--batches', '10'],
      ...['--validate', 'fruit:test', '--metric', 'recallAt5', '--patience', '2', '--keep', 'last'],
    );
    expect(result).toMatchObject({ finished: true, stoppedEarly: true, run: 'runs/fruit-keras-example-1' });
    const { best, last, kept } = result.validation;
    expect(kept).toBe('last');
    expect(last.epoch).toBe(best.epoch + 2);
    expect(result.lossByEpoch).toHaveLength(last.epoch);
    expect(existsSync(cli.path('runs/fruit-keras-example-1/best.onnx'))).toBe(true);
  });
});

describe('a configuration', () => {
  const config = {
    source: 'fruit',
    recipe: {
      base: 'keras-example',
      loss: { name: 'soft-nearest-neighbour', temperature: 0.1 },
      clipNorm: 1,
    },
    budget: { epochs: 2, batchesPerEpoch: 20 },
    seed: 3,
    validation: { source: 'fruit:test', keep: 'last' },
    run: 'runs/configured',
  };
  const write = (value: unknown) => writeFile(cli.path('train.json'), JSON.stringify(value));

  it('says all of a run', async () => {
    await write(config);
    const result = await cli.json('train', '--config', 'train.json');
    expect(result).toMatchObject({
      finished: true,
      seed: 3,
      run: 'runs/configured',
      lossByEpoch: { length: 2 },
    });
    const { recipe } = await cli.json('models', 'info', 'runs/configured/model.onnx');
    expect(recipe).toMatchObject({ loss: { name: 'soft-nearest-neighbour' }, clipNorm: 1, epochs: 2 });
  });

  it('gives way to flags', async () => {
    const result = await cli.json(
      ...['train', '--config', 'train.json', '--seed', '4', '--epochs', '1', '--run', 'runs/other'],
    );
    expect(result).toMatchObject({ seed: 4, run: 'runs/other', lossByEpoch: { length: 1 } });
  });

  it('that is wrong is refused by the place in it, in one line', async () => {
    await write({ ...config, recipe: { base: 'fast', loss: { name: 'pair-softmax', temperature: -1 } } });
    const { code, stdout, stderr } = await cli.run('train', '--config', 'train.json');
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(errorLine);
    expect(stderr).toMatch(/^train\.json: recipe\.loss\.temperature: expected a number above 0, got -1; /);
  });

  it('and no place to go is refused', async () => {
    const { code, stderr } = await cli.run('train', 'fruit');
    expect(code).toBe(2);
    expect(stderr).toMatch(errorLine);
    expect(stderr).toContain('--out model.onnx, --run folder or --runs-dir folder');
  });
});

describe('runs', () => {
  it('are listed', async () => {
    const { runs } = await cli.json('runs', 'list');
    expect(runs.map(({ name }: { name: string }) => name)).toEqual([
      'configured',
      'fruit-keras-example-1',
      'killed',
      'other',
      'whole',
    ]);
    const { code, stdout } = await cli.run('runs', 'list', 'runs');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^run +source +recipe +seed +epochs +loss +metric +best +in epoch +last +time\n/);
    expect(stdout).toMatch(/^runs\/whole +fruit +keras-example +0 +6 +\d\.\d{4} +mapAtR +[01]\.\d{4}/m);
  });

  it('are compared: figures, what differs, and a picture', async () => {
    const paths = ['runs/whole', 'runs/configured', 'runs/killed'];
    const compared = await cli.json('runs', 'compare', ...paths, '--chart', 'curves.png');
    expect(compared.runs).toHaveLength(3);
    expect(compared.runs[0].bestValue).toBe(compared.runs[2].bestValue);
    const differing = Object.fromEntries(
      compared.differences.map(({ path, values }: { path: string; values: unknown[] }) => [path, values]),
    );
    expect(differing.seed).toEqual([0, 3, 0]);
    expect(differing['recipe.loss'][1]).toMatchObject({ name: 'soft-nearest-neighbour', temperature: 0.1 });
    expect(differing).not.toHaveProperty('source');
    expect((await sharp(cli.path('curves.png')).metadata()).format).toBe('png');
    const { stdout } = await cli.run('runs', 'compare', ...paths);
    expect(stdout).toMatch(/\nsetting +whole +configured +killed\n/);
    expect(stdout).toMatch(/\nseed +0 +3 +0\n/);
  });

  it('that are not there are an error', async () => {
    const { code, stderr } = await cli.run('runs', 'compare', 'runs/whole', 'fruit');
    expect(code).toBe(1);
    expect(stderr).toMatch(errorLine);
    expect(stderr).toMatch(/^fruit: expected a run folder, with a train\.json, got /);
  });
});
