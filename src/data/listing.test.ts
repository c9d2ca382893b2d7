import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { writeImages } from '../../test/fixtures/image-files.js';
import { temporaryDirectory } from '../../test/fixtures/temporary-directory.js';
import type { Skipped } from '../core/progress.js';
import type { ListedImage } from './listed-image.js';
import { isListed, openListing } from './listing.js';
import { openImages } from './source.js';

async function idsIn(spec: string): Promise<string[]> {
  return (await all(spec)).map(({ id }) => id);
}

async function all(spec: string, onSkipped?: (skipped: Skipped) => void): Promise<ListedImage[]> {
  const images: ListedImage[] = [];
  for await (const image of await openListing(spec, { onSkipped })) images.push(image);
  return images;
}

const paths = ['a', 'b', 'c', 'd'].flatMap((label) =>
  Array.from({ length: 5 }, (_, i) => `${label}/${i}.png`),
);

describe('a listing', () => {
  it('of a folder goes along its paths in order, again each time', async () => {
    const directory = await temporaryDirectory();
    await writeImages(directory, ['a-b/1.png', 'a/1.png', 'a/b/2.png', 'a.png', 'A/1.png', 'a/c.png']);
    const listing = await openListing(directory);
    for (let time = 0; time < 2; time++) {
      const ids: string[] = [];
      for await (const { id } of listing) ids.push(id);
      expect(ids).toEqual(['A/1.png', 'a-b/1.png', 'a.png', 'a/1.png', 'a/b/2.png', 'a/c.png']);
      expect(ids).toEqual([...ids].sort());
    }
  });

  it.each(['train', 'test', 'all', 'train-classes', 'unseen-classes'])(
    'of the part %s names the images that are opened as such',
    async (part) => {
      const directory = await temporaryDirectory();
      await writeImages(join(directory, 'x'), paths);
      const opened = await openImages(`${directory}/x:${part}`, { home: join(directory, 'home') });
      const ids = Array.from({ length: opened.length }, (_, i) => opened.id(i));
      expect((await idsIn(`${directory}/x:${part}`)).sort()).toEqual(ids.sort());
    },
  );

  it('takes validation images for testing where there are no others', async () => {
    const directory = await temporaryDirectory();
    await writeFile(join(directory, 'two.csv'), 'path,split\n1.png,train\n2.png,val\n3.png,\n');
    await writeFile(join(directory, 'three.csv'), 'path,split\n1.png,train\n2.png,val\n3.png,test\n');
    expect(await idsIn(`${directory}/two.csv:test`)).toEqual(['2.png']);
    expect(await idsIn(`${directory}/two.csv:val`)).toEqual(['2.png']);
    expect(await idsIn(`${directory}/two.csv`)).toEqual(['1.png', '2.png', '3.png']);
    expect(await idsIn(`${directory}/three.csv:test`)).toEqual(['3.png']);
    expect(await idsIn(`${directory}/three.csv:val`)).toEqual(['2.png']);
  });

  it('tells of each row that it leaves out, once', async () => {
    const directory = await temporaryDirectory();
    await writeFile(join(directory, 'm.csv'), 'path,split\n1.png,train\n,test\n2.png,test\n');
    const skipped: Skipped[] = [];
    expect(await all(`${directory}/m.csv:test`, (skip) => skipped.push(skip))).toHaveLength(1);
    expect(skipped).toEqual([{ path: `${directory}/m.csv:3`, reason: 'no path' }]);
  });

  it('is not to be had of pixels without files', async () => {
    expect([isListed('cifar10:test'), isListed('emoji'), isListed('-'), isListed('x/*.png')]).toEqual([
      false,
      false,
      true,
      true,
    ]);
    expect(() => isListed('cifra10')).toThrow(expect.objectContaining({ code: 'unknown-source' }));
    await expect(openListing('emoji')).rejects.toMatchObject({
      code: 'wrong-usage',
      message: expect.stringContaining('openImages'),
    });
  });

  it('ends when it is told to', async () => {
    const directory = await temporaryDirectory();
    await writeImages(directory, paths);
    const stop = new AbortController();
    const walk = async () => {
      for await (const { id } of await openListing(directory, { signal: stop.signal }))
        if (id === 'b/0.png') stop.abort(new Error('Ctrl-C'));
    };
    await expect(walk()).rejects.toThrow('Ctrl-C');
  });
});

describe('a manifest of 200,000 lines', () => {
  const count = 200_000;

  // Held as the objects that are listed, the rows would take some 60 MB.
  it.each([
    [
      'csv',
      '',
      count,
      (i: number) => (i < 0 ? 'path,label,split' : `photos/${i}.jpg,${i % 100},${splitOf(i)}`),
    ],
    [
      'jsonl',
      ':test',
      count / 5,
      (i: number) => JSON.stringify({ path: `photos/${i}.jpg`, split: splitOf(i) }),
    ],
  ] as const)(
    'in .%s%s is listed in a heap of 24 MB',
    async (end, part, images, row) => {
      const path = join(await temporaryDirectory(), `m.${end}`);
      const lines = Array.from({ length: count }, (_, i) => row(i));
      await writeFile(path, [...(end === 'csv' ? [row(-1)] : []), ...lines].join('\n'));
      const listing = fileURLToPath(new URL('../../dist/data/listing.js', import.meta.url));
      const program = `
        import { openListing } from ${JSON.stringify(listing)};
        let images = 0;
        for await (const { id } of await openListing(process.argv[1])) images += id.startsWith('photos/');
        console.log(images);
      `;
      const { stdout } = await promisify(execFile)(process.execPath, [
        ...['--max-old-space-size=24', '--input-type=module', '-e', program],
        path + part,
      ]);
      expect(stdout.trim()).toBe(String(images));
    },
    120_000,
  );
});

function splitOf(row: number): string {
  return row % 5 === 0 ? 'test' : 'train';
}
