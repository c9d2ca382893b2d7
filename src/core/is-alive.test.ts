import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { isAlive } from './is-alive.js';

it('tells processes that run from those that have ended, whosever they are', () => {
  expect(isAlive(process.pid)).toBe(true);
  expect(isAlive(1)).toBe(true);
  expect(isAlive(spawnSync(process.execPath, ['-e', '']).pid)).toBe(false);
});
