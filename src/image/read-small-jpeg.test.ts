import { execFile } from 'node:child_process';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { drawnImage } from '../../test/fixtures/make-image.js';
import { temporaryDirectory } from '../../test/fixtures/temporary-directory.js';
import { readSmallJpeg } from './read-small-jpeg.js';
import { defaultResizeRule } from './resize-rule.js';

const picture = (width: number, height: number) => drawnImage(width, height, (x, y) => [x % 256, y % 256, 0]);
const size = { width: 64, height: 64 };

async function read(bytes: Uint8Array, name = 'a.jpg'): Promise<Uint8Array | undefined> {
  const path = join(await temporaryDirectory(), name);
  await writeFile(path, bytes);
  return readSmallJpeg(path, size, defaultResizeRule);
}

describe('reading a small JPEG', () => {
  it('gives its bytes', async () => {
    const bytes = await picture(100, 80).jpeg().toBuffer();
    expect(await read(bytes)).toEqual(bytes);
    for (const name of ['a.JPEG', 'a.jpe', 'a.png.jfif']) expect(await read(bytes, name)).toEqual(bytes);
  });

  it('does not look at files of other names', async () => {
    const bytes = await picture(100, 80).jpeg().toBuffer();
    for (const name of ['a.png', 'jpg', 'a.jpg.bak']) expect(await read(bytes, name)).toBeUndefined();
  });

  it('gives those of one in an archive', async () => {
    const bytes = await picture(100, 80).jpeg().toBuffer();
    const archive = join(await temporaryDirectory(), 'archive');
    await writeFile(archive, Buffer.concat([Buffer.from('before'), bytes, Buffer.from('behind')]));
    const stored = { offset: 6, bytes: bytes.length, unpackedBytes: bytes.length };
    const location = { archive, name: 'a.jpg', compression: 'none', ...stored } as const;
    expect(await readSmallJpeg(location, size, defaultResizeRule)).toEqual(bytes);
  });

  it.each<[string, () => Promise<Uint8Array>]>([
    ['a PNG', () => picture(100, 80).png().toBuffer()],
    ['large', () => picture(800, 700).jpeg().toBuffer()],
    ['one that libvips reduces before it is resized', () => picture(300, 300).jpeg().toBuffer()],
    ['empty', async () => new Uint8Array()],
  ])('gives nothing where it is %s', async (_, make) => {
    expect(await read(await make())).toBeUndefined();
  });

  it('gives nothing of what is not there, or no file', async () => {
    const directory = await temporaryDirectory();
    await mkdir(join(directory, 'folder.jpg'));
    for (const name of ['gone.jpg', 'folder.jpg'])
      expect(await readSmallJpeg(join(directory, name), size, defaultResizeRule)).toBeUndefined();
  });

  it.runIf(process.platform === 'linux')('does not read what has no length to its end', async () => {
    const path = join(await temporaryDirectory(), 'endless.jpg');
    // Megabytes without number, of a file of no bytes.
    await symlink('/proc/self/pagemap', path);
    expect(await readSmallJpeg(path, size, defaultResizeRule)).toBeUndefined();
  });

  it.runIf(process.platform !== 'win32')('does not wait for a pipe that nobody writes to', async () => {
    const path = join(await temporaryDirectory(), 'pipe.jpg');
    await promisify(execFile)('mkfifo', [path]);
    expect(await readSmallJpeg(path, size, defaultResizeRule)).toBeUndefined();
  });
});
