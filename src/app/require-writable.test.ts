import { chmod, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryDirectory } from '../../test/fixtures/temporary-directory.js';
import { requireWritableDirectory, requireWritableFile } from './require-writable.js';

const notWritable = (message: RegExp) =>
  expect.objectContaining({ code: 'file-not-writable', message: expect.stringMatching(message) });

/** The superuser may write anywhere. */
const isSuperuser = process.getuid?.() === 0;

describe('requireWritableFile', () => {
  it('takes a file that is there, one that is not, and one in directories yet to be made, and makes none', async () => {
    const root = await temporaryDirectory();
    await writeFile(join(root, 'there.onnx'), '');
    await requireWritableFile(join(root, 'there.onnx'));
    await requireWritableFile(join(root, 'not-there.onnx'));
    await requireWritableFile(join(root, 'deep', 'er', 'model.onnx'));
    expect(await readdir(root)).toEqual(['there.onnx']);
  });

  it('refuses a directory', async () => {
    const root = await temporaryDirectory();
    await expect(requireWritableFile(root)).rejects.toEqual(
      notWritable(/expected a file name, got a directory; name a file in it/),
    );
  });

  it('refuses a path that leads through a file, and names that file', async () => {
    const root = await temporaryDirectory();
    await writeFile(join(root, 'file'), '');
    await expect(requireWritableFile(join(root, 'file', 'deep', 'model.onnx'))).rejects.toEqual(
      notWritable(new RegExp(`got a file: ${join(root, 'file')};`)),
    );
  });
});

describe('requireWritableDirectory', () => {
  it('takes a directory that is there and one yet to be made', async () => {
    const root = await temporaryDirectory();
    await requireWritableDirectory(root);
    await requireWritableDirectory(join(root, 'deep', 'er'));
  });

  it('refuses a file', async () => {
    const root = await temporaryDirectory();
    await writeFile(join(root, 'file'), '');
    await expect(requireWritableDirectory(join(root, 'file'))).rejects.toEqual(
      notWritable(/expected a directory/),
    );
  });

  it.skipIf(isSuperuser)('refuses a directory without the right to write there', async () => {
    const root = join(await temporaryDirectory(), 'locked');
    await mkdir(root);
    await chmod(root, 0o500);
    await expect(requireWritableDirectory(join(root, 'deep'))).rejects.toEqual(
      notWritable(/expected a writable place/),
    );
  });
});
