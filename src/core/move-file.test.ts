import { existsSync, statSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { temporaryDirectory } from '../../test/fixtures/temporary-directory.js';
import { isSameFile, moveFile } from './move-file.js';

const otherDisk = '/dev/shm';
const noOtherDisk = !existsSync(otherDisk) || statSync(otherDisk).dev === statSync('/tmp').dev;
const made: string[] = [];
afterAll(async () => {
  for (const path of made) await rm(path, { recursive: true, force: true });
});

describe.each(['the same file system', 'another file system'])('moveFile to %s', (where) => {
  const absent = where.startsWith('another') && noOtherDisk;

  async function places() {
    const here = await temporaryDirectory();
    const there = where.startsWith('another')
      ? await mkdtemp(join(otherDisk, 'imagekin-'))
      : await temporaryDirectory();
    made.push(there);
    return { from: join(here, 'a.jpg'), to: join(there, 'deep', 'er', 'a.jpg') };
  }

  it.skipIf(absent)('takes the bytes and the date along, and leaves nothing', async () => {
    const { from, to } = await places();
    await writeFile(from, 'content');
    await utimes(from, 1_600_000_000, 1_600_000_000);
    await moveFile(from, to);
    expect(existsSync(from)).toBe(false);
    expect(await readFile(to, 'utf8')).toBe('content');
    expect((await stat(to)).mtimeMs).toBe(1_600_000_000_000);
    expect(await readdir(join(to, '..'))).toEqual(['a.jpg']);
  });

  it.skipIf(absent)('overwrites nothing', async () => {
    const { from, to } = await places();
    await writeFile(from, 'first');
    await moveFile(from, to);
    await writeFile(from, 'second');
    await expect(moveFile(from, to)).rejects.toMatchObject({ code: 'EEXIST' });
    expect(await readFile(from, 'utf8')).toBe('second');
    expect(await readFile(to, 'utf8')).toBe('first');
    expect(await readdir(join(to, '..'))).toEqual(['a.jpg']);
  });
});

describe('isSameFile', () => {
  it('knows two names of one file from two files of the same bytes', async () => {
    const directory = await temporaryDirectory();
    const [a, b, c] = ['a', 'b', 'c'].map((name) => join(directory, name)) as [string, string, string];
    await writeFile(a, 'x');
    await writeFile(b, 'x');
    const { link } = await import('node:fs/promises');
    await link(a, c);
    expect(await isSameFile(a, b)).toBe(false);
    expect(await isSameFile(a, c)).toBe(true);
  });
});
