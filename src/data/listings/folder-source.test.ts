import { mkdir, readdir, readFile, rename, symlink, truncate, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { keepsLabelledImagesContract } from '../../../test/contracts/labelled-images.js';
import { flatImage } from '../../../test/fixtures/make-image.js';
import { temporaryDirectory } from '../../../test/fixtures/temporary-directory.js';
import { decodeImageTo } from '../../image/decode.js';
import { classCounts, type LabelledImages, shareClasses } from '../labelled-images.js';
import type { OpenOptions } from '../open-options.js';
import { openImages } from '../source.js';
import type { Split } from '../split.js';

/** A directory with a small image at each path, each of another colour, and a home for what is remembered of it. */
async function folder(paths: readonly string[]): Promise<{ directory: string; home: string }> {
  const root = await temporaryDirectory();
  const directory = join(root, 'images');
  await mkdir(directory);
  for (const [index, path] of paths.entries()) {
    await mkdir(dirname(join(directory, path)), { recursive: true });
    const image = flatImage(6, 4, [index * 5, 255 - index * 5, 100]);
    await writeFile(
      join(directory, path),
      await image.toFormat(path.endsWith('.jpg') ? 'jpeg' : 'png').toBuffer(),
    );
  }
  return { directory, home: join(root, 'home') };
}

const numbered = (className: string, count: number) =>
  Array.from({ length: count }, (_, index) => `${className}/${String(index).padStart(3, '0')}.png`);

const idsOf = (images: LabelledImages) =>
  Array.from({ length: images.length }, (_, index) => images.id(index));

async function read(directory: string, split: Split, options: OpenOptions) {
  return openImages(`${directory}:${split}`, options);
}

function openToSearch(directory: string, options: OpenOptions) {
  return openImages(directory, { ...options, labels: 'optional' });
}

describe('a folder per class', () => {
  keepsLabelledImagesContract(async () => {
    const { directory, home } = await folder([...numbered('boot', 3), ...numbered('clog', 2)]);
    return read(directory, 'all', { home });
  });

  it('gives the images in the order of their paths, named by these', async () => {
    const { directory, home } = await folder(['b/2.png', 'b/10.jpg', 'a/x.PNG', 'a/deep/er.png', 'B/1.png']);
    const images = await read(directory, 'train', { home });
    expect(images.name).toBe(`${directory}:train`);
    expect(images.classNames).toEqual(['B', 'a', 'a/deep', 'b']);
    const all = await read(directory, 'all', { home });
    expect(idsOf(all).sort()).toEqual(['B/1.png', 'a/deep/er.png', 'a/x.PNG', 'b/10.jpg', 'b/2.png']);
    expect(idsOf(images)).toEqual([...idsOf(images)].sort());
    const size = { width: 5, height: 5 };
    const { data } = await decodeImageTo(join(directory, all.id(2)), size);
    expect(Buffer.compare(await all.pixels([2], size), data)).toBe(0);
  });

  it('draws a fifth of each class for testing, the same for the same seed', async () => {
    const { directory, home } = await folder([
      ...numbered('a', 20),
      ...numbered('b', 7),
      ...numbered('c', 2),
    ]);
    const [train, test] = [await read(directory, 'train', { home }), await read(directory, 'test', { home })];
    expect([...classCounts(train)]).toEqual([16, 6, 2]);
    expect([...classCounts(test)]).toEqual([4, 1, 0]);
    expect(shareClasses(train, test)).toBe(true);
    const all = idsOf(await read(directory, 'all', { home })).sort();
    expect([...idsOf(train), ...idsOf(test)].sort()).toEqual(all);
    expect(idsOf(await read(directory, 'test', { home }))).toEqual(idsOf(test));
    expect(idsOf(await read(directory, 'test', { home, seed: 1 }))).not.toEqual(idsOf(test));
  });

  it('leaves every image on its side when one is added, so that nothing trained on is tested on', async () => {
    const before = await folder(numbered('a', 20));
    const after = await folder([...numbered('a', 20), 'a/added.png']);
    const trained = new Set(idsOf(await read(before.directory, 'train', before)));
    const tested = idsOf(await read(after.directory, 'test', after));
    expect(tested.filter((id) => trained.has(id))).toEqual([]);
  });

  it('keeps the split of a class whatever other classes there are', async () => {
    const alone = await folder(numbered('a', 20));
    const among = await folder([...numbered('0', 9), ...numbered('a', 20)]);
    const test = idsOf(await read(among.directory, 'test', { home: among.home }));
    expect(test.filter((id) => id.startsWith('a/'))).toEqual(
      idsOf(await read(alone.directory, 'test', alone)),
    );
  });

  it('leaves the single image of a class to training', async () => {
    const { directory, home } = await folder([...numbered('a', 5), 'b/only.png']);
    expect([...classCounts(await read(directory, 'train', { home }))]).toEqual([4, 1]);
    expect([...classCounts(await read(directory, 'test', { home }))]).toEqual([1, 0]);
  });

  it('takes train and test folders as the split, and val where there is no test', async () => {
    const files = ['train/a/1.png', 'train/b/2.png', 'val/a/3.png'];
    const { directory, home } = await folder(files);
    const [train, val] = [await read(directory, 'train', { home }), await read(directory, 'test', { home })];
    expect(idsOf(train)).toEqual(['train/a/1.png', 'train/b/2.png']);
    expect(idsOf(val)).toEqual(['val/a/3.png']);
    expect([train.classNames, val.classNames]).toEqual([
      ['a', 'b'],
      ['a', 'b'],
    ]);
    expect(idsOf(await read(directory, 'val', { home }))).toEqual(['val/a/3.png']);
    const three = await folder([...files, 'test/b/4.png']);
    expect(idsOf(await read(three.directory, 'test', three))).toEqual(['test/b/4.png']);
    expect(idsOf(await read(three.directory, 'val', three))).toEqual(['val/a/3.png']);
    expect(idsOf(await read(three.directory, 'all', three))).toEqual([
      ...['train/a/1.png', 'train/b/2.png', 'val/a/3.png', 'test/b/4.png'],
    ]);
  });

  it('has no validation split of its own', async () => {
    const { directory, home } = await folder(numbered('a', 5));
    await expect(read(directory, 'val', { home })).rejects.toMatchObject({
      code: 'empty-source',
      message: expect.stringContaining('expected a source with a validation split, got one without; '),
    });
  });

  it('names a class by the whole path of its folder, below a split as well', async () => {
    const flat = await folder(['shoes/boots/1.png', 'shoes/2.png', 'hats/1.png']);
    expect((await read(flat.directory, 'all', flat)).classNames).toEqual(['hats', 'shoes', 'shoes/boots']);
    const split = await folder(['train/shoes/boots/1.png', 'test/shoes/boots/2.png']);
    expect((await read(split.directory, 'test', split)).classNames).toEqual(['shoes/boots']);
  });

  it('lists images that lie in no class folder, but for those beside given splits', async () => {
    const { directory, home } = await folder([...numbered('a', 5), 'loose.png']);
    expect((await read(directory, 'all', { home })).skipped).toEqual([
      { path: join(directory, 'loose.png'), reason: 'no label' },
    ]);
    const split = await folder(['train/a/1.png', 'test/a/2.png', 'test/3.png', 'extra/a/4.png', '5.png']);
    expect((await read(split.directory, 'train', split)).skipped).toEqual([]);
    expect((await read(split.directory, 'test', split)).skipped).toEqual([
      { path: join(split.directory, 'test/3.png'), reason: 'no label' },
    ]);
  });

  it('keeps the classes of the halves apart where they have none in common', async () => {
    const { directory, home } = await folder(['train/a/1.png', 'train/b/2.png', 'test/c/3.png']);
    expect((await read(directory, 'train', { home })).classNames).toEqual(['a', 'b']);
    expect((await read(directory, 'test', { home })).classNames).toEqual(['c']);
    expect((await read(directory, 'all', { home })).classNames).toEqual(['a', 'b', 'c']);
  });

  it('takes a class called train for a class where nothing lies beside it to test on', async () => {
    const { directory, home } = await folder([...numbered('bus', 2), ...numbered('train', 2)]);
    expect((await read(directory, 'all', { home })).classNames).toEqual(['bus', 'train']);
  });

  it('knows the size of its images where they share one', async () => {
    const { directory, home } = await folder(numbered('a', 3));
    expect((await read(directory, 'all', { home })).nativeSize).toEqual({ width: 6, height: 4 });
    await flatImage(5, 4, [0, 0, 0])
      .png()
      .toFile(join(directory, 'a', 'other.png'));
    expect((await read(directory, 'all', { home })).nativeSize).toBeUndefined();
  });

  it('has another fingerprint once an image changes, moves to another class, or goes', async () => {
    const paths = [...numbered('a', 2), ...numbered('b', 2)];
    const print = async (change: (directory: string) => Promise<void>) => {
      const { directory, home } = await folder(paths);
      await change(directory);
      return (await read(directory, 'all', { home })).fingerprint;
    };
    const unchanged = await print(async () => {});
    const fresh = await flatImage(6, 4, [1, 2, 3]).png().toBuffer();
    expect(await print(async () => {})).toBe(unchanged);
    const others = [
      await print((directory) => writeFile(join(directory, 'a/000.png'), fresh)),
      await print(async (directory) => {
        await rename(join(directory, 'a/001.png'), join(directory, 'b/002.png'));
      }),
      await print((directory) => truncate(join(directory, 'b/001.png'), 0)),
    ];
    expect(new Set([unchanged, ...others]).size).toBe(4);
  });
});

describe('files that do not decode', () => {
  it('are left out and listed with the reason, truncated ones too, and change nothing for the others', async () => {
    const { directory, home } = await folder([...numbered('a', 10), ...numbered('b', 10)]);
    const before = idsOf(await read(directory, 'test', { home }));
    const photo = await flatImage(200, 200, [9, 99, 200]).jpeg().toBuffer();
    await writeFile(join(directory, 'a/000.png'), photo.subarray(0, photo.length - 300));
    await writeFile(join(directory, 'a/001.png'), 'not an image');
    await writeFile(join(directory, 'b/000.png'), '');
    await writeFile(join(directory, 'b/notes.txt'), 'overlooked, since it is no image by its name');
    await writeFile(join(directory, 'b/.hidden.png'), 'overlooked as well');
    const all = await read(directory, 'all', { home });
    expect(all).toHaveLength(17);
    expect(all.skipped.map(({ path }) => path).sort()).toEqual(
      ['a/000.png', 'a/001.png', 'b/000.png'].map((path) => join(directory, path)),
    );
    for (const { reason } of all.skipped) expect(reason).toMatch(/^[^\n]{5,}$/);
    const after = idsOf(await read(directory, 'test', { home }));
    expect(after).toEqual(before.filter((id) => !['a/000.png', 'a/001.png', 'b/000.png'].includes(id)));
  });

  it('are named by the error when they went bad after the source was opened', async () => {
    const { directory, home } = await folder(numbered('a', 3));
    const images = await read(directory, 'all', { home });
    await truncate(join(directory, images.id(1)), 20);
    await expect(images.pixels([0, 1, 2], { width: 4, height: 4 })).rejects.toMatchObject({
      code: 'image-undecodable',
      message: expect.stringContaining(join(directory, images.id(1))),
    });
  });
});

describe('a folder without images', () => {
  it.each([
    ['nothing in it', [], 'no image file'],
    ['images but no class folder', ['1.png', '2.png'], '2 image files in no class folder'],
  ])('with %s is an error that says what is expected', async (_, paths, got) => {
    const { directory } = await folder(paths);
    await expect(openImages(directory)).rejects.toMatchObject({
      code: 'empty-source',
      message: expect.stringContaining(`expected one folder per class with image files in it, got ${got};`),
    });
  });

  it('is one whose images all fail to decode', async () => {
    const { directory, home } = await folder([]);
    await mkdir(join(directory, 'a'));
    await writeFile(join(directory, 'a', '1.png'), 'x');
    await expect(read(directory, 'all', { home })).rejects.toMatchObject({
      code: 'empty-source',
      message: expect.stringContaining(`got 1 that do not, as ${join(directory, 'a', '1.png')};`),
    });
    await expect(openToSearch(directory, { home })).rejects.toMatchObject({ code: 'empty-source' });
  });

  it('is an empty split of one that has some', async () => {
    const { directory, home } = await folder(['a/1.png']);
    expect(await read(directory, 'train', { home })).toHaveLength(1);
    await expect(read(directory, 'test', { home })).rejects.toMatchObject({
      code: 'empty-source',
      message: expect.stringMatching(/:test: expected at least one image that decodes, got no image file; /),
    });
  });

  it('is not one that is not there', async () => {
    await expect(openImages('/no/such/folder')).rejects.toMatchObject({ code: 'unknown-source' });
  });
});

describe('what is remembered of a folder', () => {
  async function opened(
    directory: string,
    home: string,
  ): Promise<{ checked: number; images: LabelledImages }> {
    let checked = 0;
    const images = await read(directory, 'all', { home, onProgress: () => checked++ });
    return { checked, images };
  }

  it('saves looking at files again that have not changed', async () => {
    const { directory, home } = await folder(numbered('a', 4));
    await writeFile(join(directory, 'a', 'bad.png'), 'x');
    const first = await opened(directory, home);
    expect(first.checked).toBe(5);
    const second = await opened(directory, home);
    expect(second.checked).toBe(0);
    expect(second.images.fingerprint).toBe(first.images.fingerprint);
    expect(second.images.skipped).toEqual(first.images.skipped);
  });

  it('does not outlive a change of the file, even one of equal length', async () => {
    const { directory, home } = await folder(numbered('a', 4));
    const { images } = await opened(directory, home);
    const path = join(directory, 'a/000.png');
    const bytes = await readFile(path);
    await writeFile(path, bytes.fill(0));
    await utimes(path, 1, 1);
    const after = await opened(directory, home);
    expect(after.checked).toBe(1);
    expect(after.images.skipped.map((skipped) => skipped.path)).toEqual([path]);
    expect(after.images.fingerprint).not.toBe(images.fingerprint);
  });

  it('does not outlive damage to the record, nor need a place to write one', async () => {
    const { directory, home } = await folder(numbered('a', 2));
    const { images } = await opened(directory, home);
    const [record] = await readdir(join(home, 'folders'));
    await writeFile(join(home, 'folders', record!), '{');
    expect((await opened(directory, home)).checked).toBe(2);
    const elsewhere = join(directory, '..', 'elsewhere');
    await mkdir(join(elsewhere, 'folders', record!), { recursive: true });
    expect((await opened(directory, elsewhere)).images.fingerprint).toBe(images.fingerprint);
  });

  it('is kept when the looking is stopped', async () => {
    const { directory, home } = await folder(numbered('a', 30));
    const stop = new AbortController();
    const onProgress = ({ done }: { done: number }) => done === 10 && stop.abort(new Error('Ctrl-C'));
    await expect(read(directory, 'all', { home, signal: stop.signal, onProgress })).rejects.toThrow('Ctrl-C');
    const { checked } = await opened(directory, home);
    expect(checked).toBeGreaterThan(0);
    expect(checked).toBeLessThanOrEqual(20);
  });
});

describe('a folder to search in', () => {
  it('gives every image below it, with the folder it lies in as its class', async () => {
    const { directory, home } = await folder([
      'z.png',
      'holidays/sea.jpg',
      'holidays/2020/hill.png',
      'cat/1.png',
    ]);
    await symlink(directory, join(directory, 'circle'));
    await symlink(join(directory, 'z.png'), join(directory, 'link.png'));
    await symlink(join(directory, 'gone.png'), join(directory, 'broken.png'));
    const images = await openToSearch(directory, { home });
    expect(images.name).toBe(directory);
    expect(idsOf(images)).toEqual([
      'cat/1.png',
      'holidays/2020/hill.png',
      'holidays/sea.jpg',
      'link.png',
      'z.png',
    ]);
    expect(images.classNames).toEqual(['cat', 'holidays', 'holidays/2020', 'images']);
    expect([...images.labels]).toEqual([0, 2, 1, 3, 3]);
  });

  it('is an error without an image in it', async () => {
    const { directory, home } = await folder([]);
    await expect(openToSearch(directory, { home })).rejects.toMatchObject({
      code: 'empty-source',
      message: expect.stringContaining('got no image file;'),
    });
  });
});
