import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const benchmarks = fileURLToPath(new URL('../../bench/main.js', import.meta.url));

it('a collection survives being killed at any moment, and finds all that it has shown as added', {
  timeout: 240_000,
}, async () => {
  const args = [benchmarks, 'crash', '--kills', '8', '--images', '24', '--seed', '3', '--json'];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  const { kills, searched, damage } = JSON.parse(stdout);
  expect(damage).toEqual([]);
  expect(kills).toBe(8);
  expect(searched).toBeGreaterThan(50);
});
