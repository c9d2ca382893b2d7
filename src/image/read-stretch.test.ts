import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { temporaryDirectory } from '../../test/fixtures/temporary-directory.js';
import { readStretch } from './read-stretch.js';

const content = Uint8Array.from({ length: 1000 }, (_, i) => i % 251);

async function written(bytes: Uint8Array): Promise<string> {
  const path = join(await temporaryDirectory(), 'file');
  await writeFile(path, bytes);
  return path;
}

describe('reading of a file', () => {
  it('gives all of it, of an empty one nothing', async () => {
    expect(new Uint8Array(await readStretch(await written(content), () => 'all'))).toEqual(content);
    expect(await readStretch(await written(new Uint8Array()), () => 'all')).toHaveLength(0);
  });

  it('gives the stretch that is chosen by the length', async () => {
    const path = await written(content);
    const bytes = await readStretch(path, ({ size }) => ({ offset: size - 10, length: 10 }));
    expect(new Uint8Array(bytes)).toEqual(content.subarray(990));
  });

  it('gives what there is where the file ends before', async () => {
    const path = await written(content);
    expect(await readStretch(path, () => ({ offset: 900, length: 200 }))).toHaveLength(100);
  });

  it.runIf(process.platform !== 'win32')('reads a pipe, which has no length, to its end', async () => {
    const path = join(await temporaryDirectory(), 'pipe');
    await promisify(execFile)('mkfifo', [path]);
    const [bytes] = await Promise.all([readStretch(path, () => 'all'), writeFile(path, content)]);
    expect(new Uint8Array(bytes)).toEqual(content);
  });

  it('fails as reading does: of a directory, of what is missing, of what is not wanted', async () => {
    const directory = await temporaryDirectory();
    await expect(readStretch(directory, () => 'all')).rejects.toMatchObject({ code: 'EISDIR' });
    await expect(readStretch(join(directory, 'none'), () => 'all')).rejects.toMatchObject({ code: 'ENOENT' });
    const unwanted = () => {
      throw new Error('not this one');
    };
    await expect(readStretch(await written(content), unwanted)).rejects.toThrow('not this one');
  });

  it.runIf(process.platform === 'linux')('leaves no file open', async () => {
    const path = await written(content);
    const open = () => readdirSync('/proc/self/fd').length;
    const before = open();
    for (let i = 0; i < 50; i++) {
      await readStretch(path, () => 'all');
      await readStretch(path, () => {
        throw new Error('no');
      }).catch(() => {});
    }
    expect(open()).toBeLessThan(before + 20);
  });
});
