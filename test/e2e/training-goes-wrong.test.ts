import { existsSync } from 'node:fs';
import { beforeAll, expect, it } from 'vitest';
import { CommandLine, errorLine } from './command-line.js';
import { writeClassFolders } from './write-class-folders.js';

const cli = new CommandLine();

beforeAll(() => writeClassFolders(cli.path('fruit'), 5));

it('stops a run that collapses, and explains it', async () => {
  const { code, stdout, stderr } = await cli.run(
    ...['train', 'fruit', '-o', 'm.onnx', '--learning-rate', '1000', '--batches', '400', '--quiet'],
  );
  expect(code).toBe(1);
  expect(stdout).toBe('');
  expect(stderr).toMatch(errorLine);
  expect(stderr).toMatch(
    /^training, step \d+: expected embeddings that differ from image to image, got .*cosine/,
  );
  expect(stderr).toContain('; lower the learning rate (--learning-rate)');
  expect(existsSync(cli.path('m.onnx'))).toBe(false);
});

it('stops a run that meets numbers that are not finite, and explains it', async () => {
  const { code, stdout, stderr } = await cli.run(
    ...['train', 'fruit', '-o', 'n.onnx', '--learning-rate', '1e30', '--batches', '400', '--quiet', '--json'],
  );
  expect(code).toBe(1);
  expect(stderr).toMatch(errorLine);
  expect(stderr).toMatch(
    /^training, step \d+: expected finite numbers, got NaN in the (loss|weights); lower the/,
  );
  expect(JSON.parse(stdout)).toEqual({ error: { code: 'training-diverged', message: stderr.trimEnd() } });
  expect(existsSync(cli.path('n.onnx'))).toBe(false);
});
