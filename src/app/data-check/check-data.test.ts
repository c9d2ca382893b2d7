import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryDirectory } from '../../../test/fixtures/temporary-directory.js';
import { sharedModel } from '../../../test/fixtures/trained-model.js';
import { checkData } from './check-data.js';
import { findingCount } from './findings.js';

const shared = sharedModel();

describe('checkData', () => {
  it('finds no fault with a sound folder, and judges labels and outliers only with a model', async () => {
    const bare = await checkData({ source: shared.pictures.directory });
    expect(bare).toMatchObject({
      images: 24,
      checked: 24,
      classes: 3,
      suspectedLabels: null,
      outliers: null,
    });
    expect(findingCount(bare)).toBe(0);
    const judged = await checkData({ source: shared.pictures.directory, model: shared.model, threads: 1 });
    expect(judged.model).toBe(shared.model);
    expect(judged.suspectedLabels).toBeInstanceOf(Array);
    expect(judged.outliers).toBeInstanceOf(Array);
  });

  it('suspects the label of an image that lies in the wrong folder', async () => {
    const root = await temporaryDirectory();
    for (const name of await readdir(shared.pictures.directory)) {
      await mkdir(join(root, name));
      for (const file of await readdir(join(shared.pictures.directory, name)))
        await copyFile(join(shared.pictures.directory, name, file), join(root, name, file));
    }
    await writeFile(join(root, 'amber', 'moved.png'), await readFile(join(root, 'blue', '3.png')));
    const { suspectedLabels, exactDuplicates } = await checkData({
      source: root,
      model: shared.model,
      threads: 1,
    });
    expect(suspectedLabels).toContainEqual(
      expect.objectContaining({ path: join(root, 'amber', 'moved.png'), suggested: 'blue' }),
    );
    expect(exactDuplicates).toMatchObject([{ labelsDiffer: true }]);
  });

  it('recognises train and test folders, and reports what stands in both', async () => {
    const root = await temporaryDirectory();
    for (const split of ['train', 'test']) await mkdir(join(root, split, 'blue'), { recursive: true });
    await copyFile(join(shared.pictures.directory, 'blue', '0.png'), join(root, 'train', 'blue', 'a.png'));
    await copyFile(join(shared.pictures.directory, 'blue', '1.png'), join(root, 'train', 'blue', 'b.png'));
    await copyFile(join(shared.pictures.directory, 'blue', '0.png'), join(root, 'test', 'blue', 'c.png'));
    const fix = join(root, 'cleaned.csv');
    const { leaks, removed } = await checkData({ source: root, fix });
    expect(leaks).toMatchObject([{ kind: 'exact', files: [{ split: 'test' }, { split: 'train' }] }]);
    expect(removed).toMatchObject([{ path: join(root, 'train', 'blue', 'a.png'), reason: 'leak' }]);
    expect(await readFile(fix, 'utf8')).toBe(
      'path,label,split,suspected_label\ntest/blue/c.png,blue,test,\ntrain/blue/b.png,blue,train,\n',
    );
  });

  it('reports a folder of nothing but broken files', async () => {
    const root = await temporaryDirectory();
    await writeFile(join(root, 'a.jpg'), '');
    await writeFile(join(root, 'b.jpg'), 'text');
    const report = join(await temporaryDirectory(), 'page');
    const check = await checkData({ source: root, model: shared.model, report, threads: 1 });
    expect(check).toMatchObject({ images: 2, checked: 0, classes: 0, outliers: [] });
    expect([check.corrupt.length, check.empty.length]).toEqual([1, 1]);
    expect(await readFile(check.report!, 'utf8')).toContain('the file is empty');
  });

  it('would rather fail than write over an image, or put pictures among the images', async () => {
    const image = join(shared.pictures.directory, 'blue', '0.png');
    const before = await readFile(image);
    await expect(checkData({ source: shared.pictures.directory, fix: image })).rejects.toThrow(
      expect.objectContaining({ code: 'wrong-usage', message: expect.stringContaining('--fix') }),
    );
    expect(await readFile(image)).toEqual(before);
    await expect(
      checkData({ source: shared.pictures.directory, report: join(shared.pictures.directory, 'blue') }),
    ).rejects.toThrow(
      expect.objectContaining({ code: 'wrong-usage', message: expect.stringContaining('--report') }),
    );
  });

  it('says what is wrong with a source', async () => {
    const root = await temporaryDirectory();
    await expect(checkData({ source: root })).rejects.toMatchObject({ code: 'empty-source' });
    await expect(checkData({ source: join(root, 'none') })).rejects.toMatchObject({ code: 'unknown-source' });
  });

  it('stops at a signal', async () => {
    const controller = new AbortController();
    const running = checkData({
      source: shared.pictures.directory,
      signal: controller.signal,
      onProgress: () => controller.abort(),
    });
    await expect(running).rejects.toThrow(expect.objectContaining({ name: 'AbortError' }));
  });
});
