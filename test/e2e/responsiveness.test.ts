import { existsSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { CommandLine } from './command-line.js';
import { writeClassFolders } from './write-class-folders.js';

const cli = new CommandLine({
  NODE_OPTIONS: `--import=${new URL('../fixtures/event-loop-delay.mjs', import.meta.url)}`,
  IMAGEKIN_TUNING: 'off',
});
// One step of this recipe takes far longer than the main thread may be kept.
const run = ['--recipe', 'accurate', '--epochs', '3', '--batches', '1'];
const longestDelayMs = 100;
const stepsTimeoutMs = 180_000;

beforeAll(() => writeClassFolders(cli.path('fruit'), 5));

describe('the main thread of a training', () => {
  it(`is never kept for ${longestDelayMs} ms, while a step takes longer`, async () => {
    const { code, stderr, stdout } = await cli.run(
      ...['train', 'fruit', '-o', 'm.onnx', ...run, '--overwrite', '--json'],
    );
    expect(code, stderr).toBe(0);
    const stepMs = (JSON.parse(stdout).seconds * 1000) / 3;
    expect(stepMs).toBeGreaterThan(2 * longestDelayMs);
    const [said, , own] = stderr.match(
      /main thread kept for ([\d.]+) ms at worst, by itself for ([\d.]+) ms/,
    )!;
    console.info(`${said}, steps of ${Math.round(stepMs)} ms`);
    // On a machine that has nothing else to do the two are the same; on another one the first says nothing of us.
    expect(Number(own)).toBeLessThan(longestDelayMs);
  });
});

describe('Ctrl-C in the middle of a step', { timeout: stepsTimeoutMs }, () => {
  it('is answered at once; the run stops after the step, and goes on with --resume', async () => {
    const { child, ended, said } = cli.start('train', 'fruit', '-o', 'stopped.onnx', ...run);
    await said('epoch 1/3  loss');
    const pressedAt = performance.now();
    child.kill('SIGINT');
    await said('stopping at the next safe point; Ctrl-C again stops at once');
    expect(performance.now() - pressedAt).toBeLessThan(1000);
    const { code, stderr } = await ended;
    expect(code).toBe(130);
    expect(stderr).toContain('stopped; go on with: imagekin train fruit -o stopped.onnx');

    const resumed = await cli.run('train', 'fruit', '-o', 'stopped.onnx', ...run, '--resume');
    expect(resumed.code, resumed.stderr).toBe(0);
    expect(resumed.stderr).not.toContain('epoch 1/3  loss');
    expect(resumed.stderr).toContain('epoch 3/3  loss');
  });

  it('ends the command at once when it comes again; what was kept can be resumed', async () => {
    const { child, ended, said } = cli.start('train', 'fruit', '-o', 'ended.onnx', ...run);
    await said('epoch 1/3  loss');
    child.kill('SIGINT');
    await said('stopping at the next safe point');
    const pressedAt = performance.now();
    child.kill('SIGINT');
    const { code, stderr } = await ended;
    expect(performance.now() - pressedAt).toBeLessThan(500);
    expect(code, 'ended by the signal, which shells call 130').toBeNull();
    expect(child.signalCode).toBe('SIGINT');
    expect(stderr).not.toContain('go on with');
    expect(existsSync(cli.path('ended.onnx.checkpoint'))).toBe(true);

    const resumed = await cli.run('train', 'fruit', '-o', 'ended.onnx', ...run, '--resume');
    expect(resumed.code, resumed.stderr).toBe(0);
    expect(resumed.stderr).not.toContain('epoch 1/3  loss');
  });
});
