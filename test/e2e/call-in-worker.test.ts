import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { callInWorker } from '../../src/app/worker/call-in-worker.js';
import { ImagekinError } from '../../src/core/errors.js';

const worker = new URL('../fixtures/answering-worker.mjs', import.meta.url);
const call = (name: string, options: object = {}) => callInWorker(worker, name, options);

describe('a call in a worker', () => {
  it('gives options that are data, tells its functions in order, and gives back the result', async () => {
    const told: unknown[][] = [];
    const result = await call('echo', {
      seed: 3,
      open: { dataDir: '/d' },
      epochs: undefined,
      onStep: (...args: unknown[]) => told.push(args),
      signal: new AbortController().signal,
    });
    expect(result).toEqual({ seed: 3, open: { dataDir: '/d' }, epochs: undefined, aborted: false });
    expect(told).toEqual([
      ['first', { at: 1 }],
      ['second', { at: 2 }],
    ]);
  });

  it('throws what the work threw, as the error that it was', async () => {
    const error: unknown = await call('refuse').catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ImagekinError);
    expect(error).toMatchObject({ code: 'empty-source', message: 'a: expected b, got c; d' });
  });

  it('hands on that its signal was aborted, and why', async () => {
    const controller = new AbortController();
    const reason = Object.assign(new Error('stopped'), { name: 'Interrupted' });
    const onStep = () => controller.abort(reason);
    await expect(call('waitForAbort', { signal: controller.signal, onStep })).rejects.toMatchObject({
      name: 'Interrupted',
      message: 'stopped',
    });
  });

  it('is not made where the signal was aborted before', async () => {
    await expect(call('echo', { signal: AbortSignal.abort() })).rejects.toThrow('aborted');
  });

  it('stops the work, and throws, where a function among its options throws', async () => {
    const onStep = () => {
      throw new Error('cannot be told');
    };
    await expect(call('waitForAbort', { onStep })).rejects.toThrow('cannot be told');
  });

  it('ends with its result, whatever the work has left running', async () => {
    expect(await call('leaveTimers')).toBe('done');
  });

  it('throws an error that nobody there has caught', async () => {
    await expect(call('crash')).rejects.toMatchObject({ name: 'TypeError', message: 'a bug somewhere' });
  });

  it('throws where the thread ends without a word', async () => {
    await expect(call('exit')).rejects.toThrow('the thread of exit ended with exit code 7');
  });

  it('says what to do where the thread has used up its memory', async () => {
    const program = `
      const { callInWorker } = await import(${JSON.stringify(new URL('../../dist/app/worker/call-in-worker.js', import.meta.url))});
      await callInWorker(new URL(${JSON.stringify(worker)}), 'hoard', {}).catch(({ code, message }) => console.log(code, message));`;
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--max-old-space-size=48', '--input-type=module', '-e', program],
      { cwd: fileURLToPath(new URL('.', import.meta.url)) },
    );
    expect(stdout).toMatch(
      /^out-of-memory hoard: expected .+, got .*memory.*; give it more by NODE_OPTIONS=/,
    );
  });
});
