import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { beforeAll, expect, it } from 'vitest';
import { CommandLine, errorLine } from './command-line.js';
import { speckledImage, writeClassFolders } from './write-class-folders.js';

const cli = new CommandLine();

beforeAll(async () => {
  await writeClassFolders(cli.path('fruit'), 5);
  for (const name of ['one', 'two']) {
    await mkdir(cli.path('alike', name), { recursive: true });
    for (const file of ['a.png', 'b.png'])
      await speckledImage('plum', 0).toFile(cli.path('alike', name, file));
  }
});

it('stops a run that collapses, and explains it', async () => {
  const { code, stdout, stderr } = await cli.run(
    ...['train', 'alike:all', '-o', 'alike.onnx', '--batches', '400', '--epochs', '1', '--quiet'],
  );
  expect(code).toBe(1);
  expect(stdout).toBe('');
  expect(stderr).toMatch(errorLine);
  expect(stderr).toMatch(
    /^training, step 200: expected embeddings that differ from image to image, got .*cosine/,
  );
  expect(stderr).toContain(
    '; start anew with a lower --learning-rate and --overwrite, or check that the images',
  );
  expect(existsSync(cli.path('alike.onnx'))).toBe(false);
});

// The norms overflow and all embeddings become zero.
it('stops a run that collapses by overflow', async () => {
  const { code } = await cli.run(
    ...['train', 'fruit', '-o', 'zero.onnx', '--learning-rate', '1000', '--batches', '300', '--epochs', '1'],
  );
  expect(code).toBe(1);
});

it('stops a run that meets numbers that are not finite, and explains it', async () => {
  const { code, stdout, stderr } = await cli.run(
    ...[
      'train',
      'fruit',
      '-o',
      'infinite.onnx',
      '--learning-rate',
      '1e30',
      '--batches',
      '400',
      '--quiet',
      '--json',
    ],
  );
  expect(code).toBe(1);
  expect(stderr).toMatch(errorLine);
  expect(stderr).toMatch(
    /^training, step \d+: expected finite numbers, got NaN in the (loss|weights); start anew with a lower/,
  );
  expect(JSON.parse(stdout)).toEqual({ error: { code: 'training-diverged', message: stderr.trimEnd() } });
  expect(existsSync(cli.path('infinite.onnx'))).toBe(false);
});
