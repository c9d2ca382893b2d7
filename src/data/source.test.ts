import { copyFile, mkdir, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { makeCifar10, writeFiles } from '../../test/fixtures/make-cifar10.js';
import { flatImage } from '../../test/fixtures/make-image.js';
import { temporaryDirectory } from '../../test/fixtures/temporary-directory.js';
import { cifar10BatchFiles } from './cifar10-archive.js';
import { builtInSourceNames, openImages, openSource, parseSourceSpec } from './source.js';

beforeEach(() => {
  vi.stubEnv('IMAGEKIN_DATA', '');
  return () => vi.unstubAllEnvs();
});

/** Batches of full length that take no room: black images of class 0. */
async function blackCifar10(directory: string, files: readonly string[]): Promise<void> {
  await writeFiles(directory, new Map([['batches.meta.txt', makeCifar10(0).get('batches.meta.txt')!]]));
  for (const file of files) {
    await writeFile(join(directory, file), '');
    await truncate(join(directory, file), 30_730_000);
  }
}

async function shoes(directory: string): Promise<string> {
  const [source] = [join(directory, 'boot.png')];
  await flatImage(4, 4, [9, 9, 9]).png().toFile(source);
  for (const className of ['boot', 'clog']) {
    await mkdir(join(directory, 'shoes', className), { recursive: true });
    for (let i = 0; i < 5; i++) await copyFile(source, join(directory, 'shoes', className, `${i}.png`));
  }
  return join(directory, 'shoes');
}

describe('a source spec', () => {
  it.each([
    ['cifar10', 'cifar10', undefined],
    ['cifar10:test', 'cifar10', 'test'],
    ['./a:train', './a', 'train'],
    ['emoji:all', 'emoji', 'all'],
    ['C:\\shoes', 'C:\\shoes', undefined],
    ['./odd:name', './odd:name', undefined],
    ['./odd:name:test', './odd:name', 'test'],
    ['./a:train-classes', './a', 'train-classes'],
    ['./a.csv:val', './a.csv', 'val'],
    ['emoji:unseen-classes', 'emoji', 'unseen-classes'],
  ])('%s names the source %s and the split %s', (spec, name, split) => {
    expect(parseSourceSpec(spec)).toEqual({ name, split });
  });
});

describe('opening a source', () => {
  it.each(['cifra10', 'emoji:tset', './no/such/folder', ''])(
    'refuses "%s" and lists what it knows',
    async (spec) => {
      for (const open of [openSource, openImages])
        await expect(open(spec)).rejects.toMatchObject({
          code: 'unknown-source',
          message: expect.stringMatching(
            /^source: expected cifar10, emoji or a directory .+; check the spelling/,
          ),
        });
      expect(builtInSourceNames).toEqual(['cifar10', 'emoji']);
    },
  );

  it('refuses a file of another kind, a URL, and a TAR that is packed as a whole', async () => {
    const directory = await temporaryDirectory();
    for (const name of ['notes.txt', 'shoes.tar.gz']) await writeFile(join(directory, name), '');
    await expect(openSource(join(directory, 'notes.txt'))).rejects.toThrow('/notes.txt", a file; check the');
    await expect(openSource(join(directory, 'shoes.tar.gz'))).rejects.toMatchObject({
      code: 'unknown-source',
      message: expect.stringMatching(/expected an archive .*, \.zip or \.tar, .*; unpack it first: gunzip/),
    });
    await expect(openSource('https://example.org/shoes.zip')).rejects.toThrow(
      'got "https://example.org/shoes.zip", a URL; download it first',
    );
  });

  it('refuses an image without a label where one is needed, and takes it elsewhere', async () => {
    const directory = await temporaryDirectory();
    const file = join(directory, 'a.png');
    await flatImage(4, 4, [9, 9, 9]).png().toFile(file);
    const options = { home: join(directory, 'home') };
    await expect(openImages(file, options)).rejects.toMatchObject({
      code: 'empty-source',
      message: expect.stringContaining('expected images with labels, got 1 image file without a label;'),
    });
    const images = await openImages(file, { ...options, labels: 'optional' });
    expect([images.length, images.id(0), images.name]).toEqual([1, 'a.png', file]);
  });

  it('refuses a split where both halves are needed', async () => {
    await expect(openSource('cifar10:test')).rejects.toMatchObject({
      code: 'wrong-usage',
      message: expect.stringMatching(/; write cifar10$/),
    });
  });

  it('opens both halves of a folder, or the split that is named, or the one that is meant', async () => {
    const directory = await temporaryDirectory();
    const options = { home: join(directory, 'home') };
    const path = await shoes(directory);
    const source = await openSource(path, options);
    expect([source.name, source.train.length, source.test.length]).toEqual([path, 8, 2]);
    expect((await openImages(`${path}:test`, options)).name).toBe(`${path}:test`);
    expect(await openImages(path, options)).toHaveLength(10);
    expect(await openImages(path, { ...options, split: 'train' })).toHaveLength(8);
    expect(await openImages(`${path}:test`, { ...options, split: 'train' })).toHaveLength(2);
  });
});

describe('cifar10', () => {
  it.each([
    ['the directory named', ''],
    ['its cifar-10-batches-bin', 'cifar-10-batches-bin'],
    ['its cifar10/cifar-10-batches-bin', 'cifar10/cifar-10-batches-bin'],
  ])('is read from %s, the other split untouched', async (_, below) => {
    const dataDir = await temporaryDirectory();
    await blackCifar10(join(dataDir, below), cifar10BatchFiles.test);
    expect(await openImages('cifar10:test', { dataDir, download: false })).toHaveLength(10_000);
    vi.stubEnv('IMAGEKIN_DATA', dataDir);
    expect(await openImages('cifar10:test', { home: '/none', download: false })).toHaveLength(10_000);
  });

  it('is read from the home directory where $IMAGEKIN_DATA holds none', async () => {
    const home = await temporaryDirectory();
    await blackCifar10(join(home, 'cifar10/cifar-10-batches-bin'), cifar10BatchFiles.test);
    vi.stubEnv('IMAGEKIN_DATA', await temporaryDirectory());
    expect(await openImages('cifar10:test', { home, download: false })).toHaveLength(10_000);
  });

  it('is missing where --data names a directory without it, whatever else there is', async () => {
    const [dataDir, home] = [await temporaryDirectory(), await temporaryDirectory()];
    await blackCifar10(join(home, 'cifar10/cifar-10-batches-bin'), cifar10BatchFiles.test);
    await expect(openImages('cifar10:test', { dataDir, home })).rejects.toMatchObject({
      code: 'source-missing',
      message: expect.stringContaining(`--data ${dataDir}: expected a directory with test_batch.bin`),
    });
  });

  it('is missing where it lies nowhere and may not be downloaded', async () => {
    const home = await temporaryDirectory();
    await expect(openSource('cifar10', { home, download: false })).rejects.toMatchObject({
      code: 'source-missing',
    });
  });

  it('is damaged, not downloaded again, where one of its files is missing', async () => {
    const dataDir = await temporaryDirectory();
    await blackCifar10(dataDir, cifar10BatchFiles.train.slice(1));
    await expect(openSource('cifar10', { dataDir })).rejects.toMatchObject({
      code: 'source-damaged',
      message: expect.stringContaining('data_batch_1.bin'),
    });
  });
});
