import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { CommandLine } from './command-line.js';
import { speckledImage, writeClassFolders } from './write-class-folders.js';

const cli = new CommandLine();
const run = promisify(execFile);

async function example(name: string, ...args: string[]): Promise<string> {
  const env = { ...process.env, IMAGEKIN_HOME: cli.path('home'), BATCHES: '20' };
  const { stdout } = await run(process.execPath, [resolve('examples', name), ...args], { env });
  return stdout;
}

describe('the examples', () => {
  beforeAll(async () => {
    await writeClassFolders(cli.path('fruit'), 10);
    await speckledImage('lemon', 99, 200).jpeg().toFile(cli.path('query.jpg'));
  });

  it('train with a loss of their own, and search a folder with the model', async () => {
    const model = cli.path('own.onnx');
    const trained = await example('own-loss.js', cli.path('fruit'), model);
    expect(trained).toMatch(/^loss \d\.\d{3} after \d+ s\nprecision@1 [01]\.\d{3} over 8 queries\n$/);
    const mined = await example('mined-triplets.js', cli.path('fruit'), cli.path('mined.onnx'));
    expect(mined).toMatch(
      /^\d+ batches show (\d+) of \1 images, each \d+ to \d+ times\nloss -?\d\.\d{3}, precision@1 [01]\.\d{3}\n$/,
    );
    const measured = await example('measure.js', model, cli.path('fruit'));
    expect(measured).toMatch(
      /^precision@1 [01]\.\d{3} \([01]\.\d{3} to [01]\.\d{3}\), MAP@R [01]\.\d{3}\na hit of 0\.8 .* [01]\.\d\d; calibration error 0\.\d{3}\n$/,
    );
    const headed = await example('train-head.js', model, cli.path('fruit'), cli.path('head.onnx'));
    expect(headed).toMatch(
      /^trained on \d+ images of \d classes\nprecision@1 [01]\.\d{3}, without the head [01]\.\d{3}\n$/,
    );
    const found = await example('search-folder.js', model, cli.path('fruit'), cli.path('query.jpg'));
    expect(found.trim().split('\n')).toHaveLength(5);
    expect(found).toMatch(/^1\. \d\.\d{3} \w+\/.+\.\w+\n/);
    const kept = await example(
      'keep-collection.js',
      model,
      cli.path('fruit.kin'),
      cli.path('fruit'),
      cli.path('query.jpg'),
    );
    expect(kept).toMatch(/^(\d+) added, 0 unchanged: \1 images\nnearest: (\w+)\/.+ \d\.\d{3}\n/);
    const [, label] = /nearest: (\w+)\//.exec(kept)!;
    expect(kept.match(new RegExp(`^[123]\\. \\d\\.\\d{3} ${label}/`, 'gm'))).toHaveLength(3);
  });
});
