import { existsSync } from 'node:fs';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { CommandLine, errorLine } from './command-line.js';
import { writeClassFolders } from './write-class-folders.js';

const cli = new CommandLine();
const run = ['--epochs', '6', '--batches', '60', '--seed', '3'];

beforeAll(async () => {
  await writeClassFolders(cli.path('fruit'), 5);
  await cli.json('train', 'fruit', '-o', 'whole.onnx', ...run);
}, 120_000);

async function expectSameAsUninterrupted(model: string): Promise<void> {
  const [resumed, whole] = await Promise.all([readFile(cli.path(model)), readFile(cli.path('whole.onnx'))]);
  expect(resumed.equals(whole), 'byte for byte the model of a run that was never stopped').toBe(true);
  expect(existsSync(cli.path(`${model}.checkpoint`))).toBe(false);
}

describe('a training that is killed', () => {
  it('goes on with --resume to the very same model', async () => {
    const { child, ended, said } = cli.start('train', 'fruit', '-o', 'killed.onnx', ...run);
    await said('epoch 2/6');
    child.kill('SIGKILL');
    expect((await ended).code).toBeNull();
    expect(existsSync(cli.path('killed.onnx'))).toBe(false);
    expect(existsSync(cli.path('killed.onnx.checkpoint'))).toBe(true);

    const { code, stderr } = await cli.run('train', 'fruit', '-o', 'killed.onnx', ...run, '--resume');
    expect(code, stderr).toBe(0);
    expect(stderr).not.toContain('epoch 1/6');
    expect(stderr).toContain('epoch 6/6');
    await expectSameAsUninterrupted('killed.onnx');
    const epochs = (await readFile(cli.path('killed.log.jsonl'), 'utf8')).trim().split('\n');
    expect(epochs.map((line) => JSON.parse(line).epoch)).toEqual([1, 2, 3, 4, 5, 6]);
  });
});

describe('a training that is stopped by Ctrl-C', () => {
  it('keeps what was done, says how to go on, and ends with 130', async () => {
    const { child, ended, said } = cli.start(
      'train',
      'fruit',
      '-o',
      'stopped.onnx',
      ...run,
      '--overwrite',
      '--json',
    );
    await said('epoch 1/6');
    child.kill('SIGINT');
    const { code, stdout, stderr } = await ended;
    expect(code).toBe(130);
    expect(stderr.trimEnd().split('\n').at(-1)).toBe(
      `stopped; go on with: imagekin train fruit -o stopped.onnx ${run.join(' ')} --json --resume`,
    );
    expect(JSON.parse(stdout)).toMatchObject({
      finished: false,
      modelId: null,
      checkpoint: 'stopped.onnx.checkpoint',
    });
    const left = (await cli.files()).filter((path) => path.startsWith('stopped'));
    expect(left).toEqual(['stopped.log.jsonl', 'stopped.onnx.checkpoint']);
  });

  it('is not started anew by mistake', async () => {
    const checkpoint = await readFile(cli.path('stopped.onnx.checkpoint'));
    const { code, stdout, stderr } = await cli.run('train', 'fruit', '-o', 'stopped.onnx', ...run);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toBe(
      'stopped.onnx: expected no unfinished run, got one in stopped.onnx.checkpoint; go on with it by --resume, or start anew by --overwrite\n',
    );
    expect(checkpoint.equals(await readFile(cli.path('stopped.onnx.checkpoint')))).toBe(true);
  });

  it('goes on with --resume to the very same model', async () => {
    expect((await cli.json('train', 'fruit', '-o', 'stopped.onnx', ...run, '--resume')).finished).toBe(true);
    await expectSameAsUninterrupted('stopped.onnx');
  });
});

describe('a finished training', () => {
  it('is left as it is by --resume, which says so', async () => {
    const before = await stat(cli.path('whole.onnx'));
    const { code, stdout, stderr } = await cli.run('train', 'fruit', '-o', 'whole.onnx', ...run, '--resume');
    expect(code, stderr).toBe(0);
    expect(stderr).toContain('whole.onnx: this run is finished; nothing to do\n');
    expect(stdout).toMatch(/^model +whole\.onnx \([0-9a-f]{12}\)\n/);
    expect((await stat(cli.path('whole.onnx'))).mtimeMs).toBe(before.mtimeMs);
    const again = await cli.json('train', 'fruit', '-o', 'whole.onnx', ...run, '--resume');
    expect(again).toMatchObject({ finished: true, alreadyFinished: true, lossByEpoch: { length: 6 } });
  });

  it('of another seed is no run to go on with', async () => {
    const other = run.with(-1, '4');
    const { code, stdout, stderr } = await cli.run(
      'train',
      'fruit',
      '-o',
      'whole.onnx',
      ...other,
      '--resume',
    );
    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toMatch(errorLine);
    expect(stderr).toMatch(/^whole\.onnx: expected the finished model of this recipe, data and seed/);
  });
});

describe('an unfinished run', () => {
  it('is left by SIGTERM as well', async () => {
    const { child, ended, said } = cli.start('train', 'fruit', '-o', 'rest.onnx', ...run);
    await said('epoch 1/6');
    child.kill('SIGTERM');
    expect((await ended).code).toBe(130);
    expect(existsSync(cli.path('rest.onnx.checkpoint'))).toBe(true);
  });

  it('of another seed is not gone on with', async () => {
    const { code, stderr } = await cli.run(
      'train',
      'fruit',
      '-o',
      'rest.onnx',
      ...run.with(-1, '4'),
      '--resume',
    );
    expect(code).toBe(1);
    expect(stderr).toMatch(errorLine);
    expect(stderr).toContain('got one with another seed; ');
  });

  it('whose checkpoint is damaged is not gone on with', async () => {
    const checkpoint = await readFile(cli.path('rest.onnx.checkpoint'));
    checkpoint[checkpoint.length >> 1]! ^= 1;
    await writeFile(cli.path('rest.onnx.checkpoint'), checkpoint);
    const { code, stderr } = await cli.run('train', 'fruit', '-o', 'rest.onnx', ...run, '--resume');
    expect(code).toBe(1);
    expect(stderr).toMatch(errorLine);
    expect(stderr).toContain('got bytes that do not match their checksum; ');
  });

  it('gives way to --overwrite', async () => {
    const short = ['--epochs', '1', '--batches', '2', '--overwrite'];
    expect((await cli.json('train', 'fruit', '-o', 'rest.onnx', ...short)).lossByEpoch).toHaveLength(1);
    expect(existsSync(cli.path('rest.onnx.checkpoint'))).toBe(false);
  });
});

describe('other work that is stopped', () => {
  it('ends with 130 and one line', async () => {
    // Drawing the emoji comes first, and takes seconds.
    const { child, ended, said } = cli.start('demo', 'emoji');
    await said('Looking at emoji');
    child.kill('SIGINT');
    const { code, stdout, stderr } = await ended;
    expect(code).toBe(130);
    expect(stdout).toBe('');
    expect(stderr.trimEnd().split('\n').at(-1)).toBe('imagekin: stopped');
    expect(existsSync(cli.path('imagekin-demo'))).toBe(false);
  });
});
