import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ImagekinError } from './errors.js';
import { removeLeftovers, writeFileAtomic } from './files.js';

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'imagekin-files-'));
});
afterEach(() => rm(directory, { recursive: true }));

describe('writeFileAtomic', () => {
  it('writes bytes and text, making folders on the way, and leaves nothing else behind', async () => {
    const path = join(directory, 'deep', 'er', 'file');
    await writeFileAtomic(path, Uint8Array.of(1, 2, 255));
    expect([...(await readFile(path))]).toEqual([1, 2, 255]);
    await writeFileAtomic(path, 'Grüße');
    expect(await readFile(path, 'utf8')).toBe('Grüße');
    expect(await readdir(join(directory, 'deep', 'er'))).toEqual(['file']);
  });
  it('lets the last of many writers win, whole', async () => {
    const path = join(directory, 'file');
    const texts = Array.from({ length: 8 }, (_, i) => `${i}`.repeat(10_000));
    await Promise.all(texts.map((text) => writeFileAtomic(path, text)));
    expect(texts).toContain(await readFile(path, 'utf8'));
    expect(await readdir(directory)).toEqual(['file']);
  });
  it.each([
    { title: 'its name is that of a folder', path: ['folder'] },
    { title: 'its folder is a file', path: ['file', 'below'] },
    { title: 'a folder on the way is a file', path: ['file', 'below', 'deeper'] },
  ])('leaves nothing behind and keeps what was there where $title', async ({ path }) => {
    await mkdir(join(directory, 'folder'));
    await writeFile(join(directory, 'file'), 'old');
    const error = await writeFileAtomic(join(directory, ...path), 'new').catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ImagekinError);
    expect((error as ImagekinError).code).toBe('file-not-writable');
    expect((error as ImagekinError).message).toContain(join(directory, ...path));
    expect((await readdir(directory)).sort()).toEqual(['file', 'folder']);
    expect(await readFile(join(directory, 'file'), 'utf8')).toBe('old');
  });
});

describe('removeLeftovers', () => {
  it('removes what killed writers of a file left, and nothing else', async () => {
    const left = ['m.onnx.7-0123abcd.part', 'm.onnx.81-ffffffff.part'];
    const kept = ['m.onnx', 'm.onnx.checkpoint', 'm.onnx.checkpoint.7-0123abcd.part', 'm.onnx.part'];
    for (const name of [...left, ...kept]) await writeFile(join(directory, name), '');
    await removeLeftovers(join(directory, 'm.onnx'));
    expect((await readdir(directory)).sort()).toEqual(kept);
  });

  it('does nothing where there is no such folder', async () => {
    await expect(removeLeftovers(join(tmpdir(), 'imagekin-none', 'm.onnx'))).resolves.toBeUndefined();
  });
});
