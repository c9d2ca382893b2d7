import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pack } from 'tar-stream';
import { describe, expect, it } from 'vitest';
import { keepsLabelledImagesContract } from '../../../test/contracts/labelled-images.js';
import { listed, smallPng, writeImages } from '../../../test/fixtures/image-files.js';
import { makeTar, paxRecord } from '../../../test/fixtures/make-tar.js';
import { makeZip, type ZippedFile } from '../../../test/fixtures/make-zip.js';
import { temporaryDirectory } from '../../../test/fixtures/temporary-directory.js';
import { type ArchivedFile, readLocation } from '../../image/image-location.js';
import type { LabelledImages } from '../labelled-images.js';
import { openImages } from '../source.js';
import { archiveSource } from './archive-source.js';

const names = ['boots/a.png', 'boots/b.png', 'boots/deep/c.png', 'clogs/d.png', 'clogs/e.png', 'clogs/f.png'];
const maxBytes = 2 ** 20;

async function written(name: string, content: Uint8Array): Promise<string> {
  const path = join(await temporaryDirectory(), name);
  await writeFile(path, content);
  return path;
}

const zipOf = async (files: readonly (Omit<ZippedFile, 'bytes'> & { readonly bytes?: Uint8Array })[]) =>
  written(
    'a.zip',
    makeZip(await Promise.all(files.map(async (file, i) => ({ bytes: await smallPng(i), ...file })))),
  );

const namedZip = (...files: string[]) => zipOf(files.map((name) => ({ name })));

const idsOf = (images: LabelledImages) => Array.from({ length: images.length }, (_, i) => images.id(i));

describe.each([
  ['a ZIP archive', 'a.zip', (files: readonly { name: string; bytes: Buffer }[]) => makeZip(files)],
  [
    'a packed ZIP64 archive',
    'a.ZIP',
    (files: readonly { name: string; bytes: Buffer }[]) =>
      makeZip(files.map((file) => ({ ...file, deflate: true, zip64: true }))),
  ],
  ['a TAR archive', 'a.tar', (files: readonly { name: string; bytes: Buffer }[]) => makeTar(files)],
] as const)('%s', (_, archive, make) => {
  async function archived(order = names) {
    const files = await Promise.all(
      order.map(async (name) => ({ name, bytes: await smallPng(names.indexOf(name)) })),
    );
    const path = await written(archive, make(files));
    return { path, options: { home: join(path, '../home') } };
  }

  keepsLabelledImagesContract(async () => {
    const { path, options } = await archived();
    return openImages(path, options);
  });

  it('is the folder that it was made of: labels, halves, pixels, fingerprint', async () => {
    const { path, options } = await archived([...names].reverse());
    const folder = join(path, '../folder');
    await writeImages(folder, names);
    for (const split of ['all', 'train', 'test']) {
      const [inArchive, onDisk] = [
        await openImages(`${path}:${split}`, options),
        await openImages(`${folder}:${split}`, options),
      ];
      expect(idsOf(inArchive)).toEqual(idsOf(onDisk));
      expect(inArchive.classNames).toEqual(['boots', 'boots/deep', 'clogs']);
      expect(inArchive.fingerprint).toBe(onDisk.fingerprint);
      expect(await inArchive.pixels([0], { width: 5, height: 5 })).toEqual(
        await onDisk.pixels([0], { width: 5, height: 5 }),
      );
    }
  });

  it('is looked at once, until it changes', async () => {
    const { path, options } = await archived();
    const checked = async () => {
      let count = 0;
      await openImages(path, { ...options, onProgress: () => count++ });
      return count;
    };
    expect(await checked()).toBe(names.length);
    expect(await checked()).toBe(0);
    await utimes(path, 1, 1);
    expect(await checked()).toBe(names.length);
  });

  it('that ends too early loses no more than what is missing, or is damaged', async () => {
    const { path, options } = await archived();
    const bytes = await readFile(path);
    const cut = join(path, '..', `cut-${archive}`);
    for (const end of [bytes.length - 1024, bytes.length - 1100, 700, 100, 3]) {
      await writeFile(cut, bytes.subarray(0, Math.max(0, end)));
      const outcome = await openImages(cut, options).then(
        (images) => images.length,
        (error) => error.code,
      );
      expect([1, 2, 3, 4, 5, 6, 'source-damaged', 'empty-source']).toContain(outcome);
    }
  });
});

describe('folders of an archive', () => {
  const labels = async (path: string) => {
    const { images } = await listed(archiveSource(path));
    return Object.fromEntries(
      images.map(({ id, label, split }) => [id, split ? `${split}: ${label}` : label]),
    );
  };

  it('make splits, below a folder that all lie in as well', async () => {
    expect(await labels(await namedZip('train/a/1.png', 'val/a/2.png', 'test/b/3.png'))).toEqual({
      'train/a/1.png': 'train: a',
      'val/a/2.png': 'val: a',
      'test/b/3.png': 'test: b',
    });
    expect(await labels(await namedZip('shoes/train/a/1.png', 'shoes/test/b/3.png'))).toEqual({
      'train/a/1.png': 'train: a',
      'test/b/3.png': 'test: b',
    });
  });

  it('count from below a folder that all lie in, as names do, unless it is the only one', async () => {
    expect(await labels(await namedZip('shoes/boots/1.png', 'shoes/clogs/2.png'))).toEqual({
      'boots/1.png': 'boots',
      'clogs/2.png': 'clogs',
    });
    expect(await labels(await namedZip('boots/1.png', 'boots/2.png'))).toEqual({
      'boots/1.png': 'boots',
      'boots/2.png': 'boots',
    });
  });

  it('that are hidden, and what is no image by its name, are left out', async () => {
    const path = await namedZip(
      'a/1.png',
      '__MACOSX/a/._1.png',
      'a/.b.png',
      '.git/c.png',
      'a/notes.txt',
      'a/',
    );
    const { images, skipped } = await listed(archiveSource(path));
    expect([images.map(({ id }) => id), skipped]).toEqual([['a/1.png'], []]);
  });
});

describe('files of a ZIP archive that cannot be used', () => {
  it('are told of with the reason, and the others are read', async () => {
    const path = await zipOf([
      { name: 'a/1.png' },
      { name: '../up.png' },
      { name: '/etc/x.png' },
      { name: 'C:/x.png' },
      { name: 'a/locked.png', flags: 0x801 },
      { name: 'a/zstd.png', method: 93 },
      { name: 'a/1.png' },
      { name: 'a\\2.png' },
    ]);
    const { images, skipped } = await listed(archiveSource(path));
    expect(images.map(({ id }) => id)).toEqual(['a/1.png', 'a/2.png']);
    expect(skipped.map(({ path: place, reason }) => `${place.slice(path.length)}: ${reason}`)).toEqual([
      '/../up.png: a name that leads out of the archive',
      '//etc/x.png: a name that leads out of the archive',
      '/C:/x.png: a name that leads out of the archive',
      '/a/locked.png: encrypted',
      '/a/zstd.png: compressed by method 93, where only stored and deflated files can be read',
      '/a/1.png: a name that an earlier file has',
    ]);
  });

  it('are found by reading where the archive lies about their size, and a bomb is never unpacked', async () => {
    const zeros = new Uint8Array(8 * maxBytes);
    const path = await zipOf([
      { name: 'a/bomb.png', bytes: zeros, deflate: true },
      { name: 'a/more.png', bytes: zeros, deflate: true, claimedBytes: 1000 },
      { name: 'a/less.png', deflate: true, claimedBytes: 100_000 },
    ]);
    const { images } = await listed(archiveSource(path));
    const problem = ({ location }: (typeof images)[number]) =>
      readLocation(location, maxBytes).catch((e) => e.message);
    expect(await problem(images[0]!)).toBe(`${zeros.length} bytes, more than the limit of ${maxBytes}`);
    expect(await problem(images[1]!)).toMatch(/larger than 1001 bytes/);
    expect(await problem(images[2]!)).toMatch(/^\d+ bytes unpacked, where the archive says 100000$/);
    const opened = openImages(path, { home: join(path, '../home') });
    await expect(opened).rejects.toMatchObject({ code: 'empty-source' });
  });

  it('are all of them where it is no archive', async () => {
    await expect(openImages(await written('a.zip', Buffer.from('nothing')))).rejects.toMatchObject({
      code: 'source-damaged',
      message: expect.stringContaining('expected a whole ZIP archive'),
    });
  });
});

describe('a TAR archive', () => {
  it('has long names and sizes in all the ways that they are written', async () => {
    const long = `${'long '.repeat(60)}/1.png`;
    const bytes = await smallPng(1);
    const path = await written(
      'a.tar',
      makeTar([
        { name: '././@LongLink', type: 'L', bytes: Buffer.from(`gnu ${long}\0`), format: 'gnu' },
        { name: 'cut', bytes, format: 'gnu' },
        {
          name: 'PaxHeader',
          type: 'x',
          bytes: Buffer.concat([paxRecord('mtime', '1'), paxRecord('path', `päx ${long}`)]),
        },
        { name: 'cut', bytes },
        { name: 'PaxHeader', type: 'x', bytes: paxRecord('size', String(bytes.length)) },
        { name: 'sized/1.png', bytes },
        { name: '1.png', prefix: 'ustar', bytes },
        { name: 'binary/1.png', bytes, binarySize: true, format: 'gnu' },
        { name: 'old/1.png', bytes, format: 'v7', type: '\0' },
        { name: 'global', type: 'g', bytes: paxRecord('comment', 'x') },
        { name: './dot/1.png', bytes },
        { name: 'dot/', type: '5' },
        { name: 'dot/link.png', type: '2' },
      ]),
    );
    const { images, skipped } = await listed(archiveSource(path));
    expect(skipped).toEqual([]);
    expect(images.map(({ id }) => id)).toEqual([
      `gnu ${long}`,
      `päx ${long}`,
      ...['sized', 'ustar', 'binary', 'old', 'dot'].map((folder) => `${folder}/1.png`),
    ]);
    for (const { location } of images) expect(await readLocation(location, maxBytes)).toEqual(bytes);
  });

  it('is read as another writer has written it', async () => {
    const path = join(await temporaryDirectory(), 'a.tar');
    const packed = pack();
    const out = createWriteStream(path);
    Readable.from(packed).pipe(out);
    for (const [i, name] of [...names, `${'ü'.repeat(200)}/7.png`].entries())
      packed.entry({ name }, await smallPng(i));
    packed.finalize();
    await once(out, 'close');
    const { images } = await listed(archiveSource(path));
    expect(images.map(({ id }) => id)).toEqual([...names, `${'ü'.repeat(200)}/7.png`]);
    for (const [i, { location }] of images.entries())
      expect(await readLocation(location, maxBytes)).toEqual(await smallPng(i));
  });

  it.skipIf(process.platform === 'win32')('is read as the tar of this machine writes it', async () => {
    const directory = await temporaryDirectory();
    const long = `${'x'.repeat(150)}/${'y'.repeat(120)}.png`;
    await writeImages(join(directory, 'shoes'), [...names, long]);
    await mkdir(join(directory, 'shoes', 'none'));
    execFileSync('tar', ['-cf', 'a.tar', '-C', 'shoes', '.'], { cwd: directory });
    const images = await openImages(join(directory, 'a.tar'), { home: join(directory, 'home') });
    const onDisk = await openImages(join(directory, 'shoes'), { home: join(directory, 'home') });
    expect(images.fingerprint).toBe(onDisk.fingerprint);
  });

  it('tells of files that are sparse, and of the one that it ends in', async () => {
    const bytes = await smallPng(1);
    const whole = makeTar([
      { name: 'a/1.png', bytes },
      { name: 'PaxHeader', type: 'x', bytes: paxRecord('GNU.sparse.major', '1') },
      { name: 'a/2.png', bytes },
      { name: 'a/3.png', bytes, type: 'S', format: 'gnu' },
      { name: 'a/4.png', bytes },
    ]);
    const path = await written('a.tar', whole.subarray(0, whole.length - 1024 - 500));
    const { images, skipped } = await listed(archiveSource(path));
    expect(images.map(({ id }) => id)).toEqual(['a/1.png']);
    expect(skipped.map(({ path: place, reason }) => [place.slice(-5), reason])).toEqual([
      ['2.png', 'a sparse file, which cannot be read where it lies'],
      ['3.png', 'a sparse file, which cannot be read where it lies'],
      ['4.png', 'the archive ends before the file does'],
    ]);
    const location = images[0]!.location as ArchivedFile;
    await writeFile(path, whole.subarray(0, 520));
    await expect(readLocation(location, maxBytes)).rejects.toThrow('the archive ends before the file does');
  });

  it('with a damaged header is damaged', async () => {
    const bytes = makeTar([{ name: 'a/1.png', bytes: await smallPng(1) }]);
    bytes[5]! ^= 1;
    await expect(openImages(await written('a.tar', bytes))).rejects.toMatchObject({
      code: 'source-damaged',
      message: expect.stringContaining('got no TAR header at byte 0'),
    });
  });
});
