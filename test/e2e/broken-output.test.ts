import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, openSync } from 'node:fs';
import { beforeAll, expect, it } from 'vitest';
import { CommandLine } from './command-line.js';
import { writeClassFolders } from './write-class-folders.js';

/** A disk without any room. */
const full = '/dev/full';
const cli = new CommandLine({ IMAGEKIN_TUNING: 'off' });

beforeAll(() => writeClassFolders(cli.path('fruit'), 5));

it.skipIf(!existsSync(full))(
  'a training whose log cannot be written stops after its step and fails, and can be gone on with',
  async () => {
    const run = ['train', 'fruit', '-o', 'm.onnx', '--epochs', '3', '--batches', '100'];
    const child = spawn(process.execPath, [cli.program, ...run, '--json'], {
      cwd: cli.directory,
      env: cli.env,
      stdio: ['ignore', 'pipe', openSync(full, 'w')],
    });
    let stdout = '';
    child.stdout!.on('data', (chunk) => {
      stdout += chunk;
    });
    const [code, signal] = await once(child, 'close');
    expect({ code, signal }).toEqual({ code: 1, signal: null });
    expect(JSON.parse(stdout).error.message).toContain('ENOSPC');
    expect(existsSync(cli.path('m.onnx.checkpoint'))).toBe(true);

    const { finished, lossByEpoch } = await cli.json(...run, '--resume');
    expect({ finished, epochs: lossByEpoch.length }).toEqual({ finished: true, epochs: 3 });
  },
);
