import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { cifar10ClassNames } from '../fixtures/make-cifar10.js';
import { realData } from '../fixtures/real-data.js';
import { CommandLine } from './command-line.js';
import { writeFullSizeCifar10 } from './full-size-cifar10.js';
import { speckledImage } from './write-class-folders.js';

describe('CIFAR-10 where it lies', () => {
  const cli = new CommandLine();

  beforeAll(() => writeFullSizeCifar10(cli.path('somewhere', 'cifar-10-batches-bin')));

  it('is found by --data and by $IMAGEKIN_DATA', async () => {
    const path = 'somewhere/cifar-10-batches-bin';
    const named = await cli.json('data', 'sources', '--data', 'somewhere');
    expect(named.sources[0]).toMatchObject({ name: 'cifar10', here: true, path });
    const shown = await cli.json('data', 'show', 'cifar10:test', '--data', path);
    expect(shown).toMatchObject({ source: 'cifar10:test', images: 10_000 });
    expect(shown.classes).toEqual(cifar10ClassNames.map((name) => ({ name, images: 1000 })));
    const byVariable = new CommandLine({ IMAGEKIN_DATA: cli.path('somewhere') });
    expect((await byVariable.json('data', 'sources')).sources[0]).toMatchObject({ here: true });
  });

  it('is trained on and searched', async () => {
    const data = ['--data', 'somewhere'];
    const trained = await cli.json(
      'train',
      'cifar10',
      '-o',
      'm.onnx',
      '--epochs',
      '1',
      '--batches',
      '5',
      ...data,
    );
    expect(trained).toMatchObject({ source: 'cifar10:train', images: 50_000, classes: 10 });
    await speckledImage('apple', 0).toFile(cli.path('query.png'));
    const found = await cli.json(
      'search',
      'cifar10:test',
      'query.png',
      '--model',
      'm.onnx',
      '-k',
      '3',
      ...data,
    );
    expect(found).toMatchObject({ gallery: 'cifar10:test', searched: 10_000 });
    expect(found.results[0].hits[0]).toMatchObject({ rank: 1, id: expect.stringMatching(/^test\/\d{5}$/) });
  });
});

const converter = realData('bin', 'cifar10-binary.mjs');

describe.skipIf(converter.absent)('the real CIFAR-10', () => {
  const data = join(tmpdir(), 'imagekin-test-cifar10');
  const cli = new CommandLine({ IMAGEKIN_DATA: data });

  // Converting takes most of a minute; what is there already is left as it is.
  beforeAll(() => {
    execFileSync(process.execPath, [converter.path, data], {
      cwd: fileURLToPath(new URL('../..', import.meta.url)),
    });
  }, 300_000);

  it('is learnt from in a few hundred batches, and found by near neighbours better than by chance', async () => {
    const trained = await cli.json('train', 'cifar10', '-o', 'm.onnx', '--epochs', '4', '--batches', '150');
    expect(trained.loss).toBeLessThan(trained.lossByEpoch[0]);
    const tested = await cli.json('eval', 'm.onnx', 'cifar10');
    expect(tested).toMatchObject({ queries: 10_000, leftOut: 0, images: 10_000 });
    expect(tested.precisionAt1).toBeGreaterThan(0.15);
    expect(tested.knnAccuracy).toBeGreaterThan(0.2);
  }, 180_000);
});
