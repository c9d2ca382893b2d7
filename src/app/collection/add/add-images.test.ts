import { copyFile, mkdir, mkdtemp, readFile, rename, rm, unlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { imagesOf, noCounts, within } from '../../../../test/fixtures/look-into-collection.js';
import { makeZip } from '../../../../test/fixtures/make-zip.js';
import { pictureFolder } from '../../../../test/fixtures/picture-folder.js';
import { tinyModel } from '../../../../test/fixtures/tiny-model.js';
import { addImages } from './add-images.js';
import type { AddOptions, AddResult } from './add-options.js';

let root: string;
const place = (...names: string[]) => join(root, ...names);
const inCollection = (collection: string) => imagesOf(place(collection), root);

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'imagekin-test-'));
  await pictureFolder(undefined, root);
  await writeFile(place('model.onnx'), tinyModel());
});
afterAll(() => rm(root, { recursive: true, force: true }));

function add(
  collection: string,
  sources: readonly string[],
  options: Partial<AddOptions> = {},
): Promise<AddResult> {
  return addImages({
    collection: place(collection),
    sources: sources.map((source) => place(source)),
    model: place('model.onnx'),
    threads: 1,
    ...options,
  });
}

/** Copies of the pictures in a folder of their own. */
async function photos(name: string): Promise<void> {
  for (const folder of ['amber', 'blue', 'clay']) {
    await mkdir(place(name, folder), { recursive: true });
    for (let i = 0; i < 8; i++)
      await copyFile(place('pictures', folder, `${i}.png`), place(name, folder, `${i}.png`));
  }
}

describe('addImages', () => {
  it('recognises renamed, moved, copied, changed and deleted files, and those that come back', async () => {
    await photos('p');
    await add('b.kin', ['p']);
    const before = inCollection('b.kin');
    await rename(place('p/amber/0.png'), place('p/amber/renamed.png'));
    await rename(place('p/amber/1.png'), place('p/blue/moved.png'));
    await rename(place('p/amber/2.png'), place('p/loose.png'));
    await copyFile(place('p/clay/0.png'), place('p/blue/copy.png'));
    await copyFile(place('pictures/clay/1.png'), place('p/clay/2.png'));
    await sharp({ create: { width: 30, height: 20, channels: 3, background: 'teal' } })
      .png()
      .toFile(place('p/clay/3.png'));
    await utimes(place('p/clay/4.png'), new Date(), new Date(2020, 1, 1));
    await unlink(place('p/clay/5.png'));
    const result = await add('b.kin', ['p']);
    expect(result).toMatchObject({
      ...noCounts,
      moved: 3,
      copied: 1,
      changed: 2,
      decoded: 2,
      missing: 1,
      unchanged: 18,
      images: 24,
    });
    const after = inCollection('b.kin');
    const moves = [
      ['p/amber/0.png', 'p/amber/renamed.png', 'amber'],
      ['p/amber/1.png', 'p/blue/moved.png', 'blue'],
      ['p/amber/2.png', 'p/loose.png', null],
    ] as const;
    for (const [from, to, label] of moves) {
      expect(after.has(from)).toBe(false);
      expect(after.get(to)).toMatchObject({ id: before.get(from)!.id, label, missingSince: null });
    }
    expect(after.get('p/blue/copy.png')).toMatchObject({ label: 'blue', width: 24 });
    expect(after.get('p/blue/copy.png')!.id).toBeGreaterThan(24);
    expect(after.get('p/clay/3.png')).toMatchObject({
      id: before.get('p/clay/3.png')!.id,
      width: 30,
      height: 20,
    });
    expect(after.get('p/clay/5.png')!.missingSince).not.toBeNull();
    within(place('b.kin'), ({ vectors, catalog }) => {
      const vectorOf = (name: string) => [...vectors.of(Uint32Array.of(after.get(name)!.id)).vectors];
      expect(vectorOf('p/blue/copy.png')).toEqual(vectorOf('p/clay/0.png'));
      expect(vectorOf('p/clay/5.png')).toEqual([]);
      const thumbnail = (name: string) => catalog.previews.thumbnail(after.get(name)!.id);
      expect(thumbnail('p/blue/copy.png')).toEqual(thumbnail('p/clay/0.png'));
    });

    expect(await add('b.kin', ['p'])).toMatchObject({ ...noCounts, unchanged: 24 });
    await copyFile(place('pictures/clay/5.png'), place('p/clay/5.png'));
    const back = await add('b.kin', ['p']);
    expect(back).toMatchObject({ ...noCounts, unchanged: 25, returned: 1, images: 25 });
    expect(inCollection('b.kin').get('p/clay/5.png')).toMatchObject({
      id: before.get('p/clay/5.png')!.id,
      missingSince: null,
    });
  });

  it('recognises thousands of copies of one file, and that all of them have moved', async () => {
    await mkdir(place('copies'));
    const bytes = await readFile(place('pictures/blue/0.png'));
    const count = 2400;
    for (let i = 0; i < count; i++) await writeFile(place('copies', `${i}.png`), bytes);
    const { added, copied, images } = await add('copies.kin', ['copies']);
    expect([added + copied, images]).toEqual([count, count]);
    expect(copied).toBeGreaterThanOrEqual(400);
    await rename(place('copies'), place('elsewhere'));
    expect(await add('copies.kin', ['elsewhere'])).toMatchObject({
      ...noCounts,
      moved: count,
      images: count,
    });
  });

  it('moves an image from one source to another, and prunes what is gone', async () => {
    await mkdir(place('q'));
    await rename(place('p/clay/6.png'), place('q/6.png'));
    await unlink(place('p/clay/7.png'));
    const { id } = inCollection('b.kin').get('p/clay/6.png')!;
    const result = await add('b.kin', ['p', 'q'], { prune: true });
    expect(result).toMatchObject({ ...noCounts, unchanged: 23, moved: 1, missing: 1, pruned: 1, images: 24 });
    const images = inCollection('b.kin');
    expect(images.get('q/6.png')).toMatchObject({ id, label: null });
    expect(images.has('p/clay/7.png')).toBe(false);
  });

  it('marks nothing where a source is empty or away as a whole', async () => {
    await rename(place('q'), place('away'));
    await expect(add('b.kin', ['q'], { prune: true })).rejects.toMatchObject({
      code: 'source-missing',
      message: expect.stringContaining('disk'),
    });
    await mkdir(place('q'));
    const empty = await add('b.kin', ['q'], { prune: true });
    expect(empty).toMatchObject({ ...noCounts, images: 24 });
    expect(empty.skipped).toMatchObject([{ path: place('q'), reason: expect.stringContaining('disk') }]);
    await rm(place('q'), { recursive: true });
    await rename(place('away'), place('q'));
    expect(await add('b.kin', ['q'])).toMatchObject({ ...noCounts, unchanged: 1 });
  });

  it('lists files that cannot be used each time, and tries them again only when they or the user say so', async () => {
    await writeFile(place('q/broken.jpg'), 'no picture');
    const failing = async (options: Partial<AddOptions> = {}) => {
      const result = await add('b.kin', ['q'], options);
      expect(result.skipped.map(({ path }) => path)).toContain(place('q/broken.jpg'));
      return result;
    };
    expect(await failing()).toMatchObject({ ...noCounts, unchanged: 1, failed: 1, decoded: 1 });
    expect(await failing()).toMatchObject({ ...noCounts, unchanged: 1, failed: 1, decoded: 0 });
    expect(await failing({ retryFailed: true })).toMatchObject({
      ...noCounts,
      unchanged: 1,
      failed: 1,
      decoded: 1,
    });
    within(place('b.kin'), ({ catalog }) => expect(catalog.failures.count()).toBe(1));

    // A picture that is overwritten by something else is in no search until it is whole again.
    await writeFile(place('q/6.png'), 'no picture either');
    expect(await failing()).toMatchObject({ ...noCounts, failed: 2, decoded: 1, missing: 1, images: 23 });
    await copyFile(place('pictures/clay/6.png'), place('q/6.png'));
    await copyFile(place('pictures/amber/6.png'), place('q/broken.jpg'));
    const mended = await add('b.kin', ['q']);
    expect(mended).toMatchObject({ ...noCounts, unchanged: 1, returned: 1, copied: 1 });
    within(place('b.kin'), ({ catalog }) => expect(catalog.failures.count()).toBe(0));
  });

  it('takes labels and metadata from a manifest, and facts from the files', async () => {
    const taken = await sharp(place('pictures/blue/0.png'))
      .jpeg()
      .withExif({
        IFD0: { Make: 'Acme', Model: 'One' },
        IFD2: { DateTimeOriginal: '2024:05:06 07:08:09' },
      })
      .toBuffer();
    await mkdir(place('m'));
    await writeFile(place('m/taken.jpg'), taken);
    await writeFile(place('m/list.csv'), 'path,label,split,stars\ntaken.jpg,sea,test,4\n');
    await add('m.kin', ['m/list.csv']);
    expect(inCollection('m.kin').get('m/taken.jpg')).toMatchObject({
      label: 'sea',
      split: 'test',
      metadata: { takenAt: '2024-05-06T07:08:09', camera: 'Acme One', stars: '4' },
    });
    await writeFile(place('m/list.csv'), 'path,label,camera\ntaken.jpg,lake,Box\n');
    expect(await add('m.kin', ['m/list.csv'])).toMatchObject({
      ...noCounts,
      unchanged: 1,
      described: 1,
    });
    const expected = {
      label: 'lake',
      split: 'test',
      metadata: { takenAt: '2024-05-06T07:08:09', camera: 'Box', stars: '4' },
    };
    expect(inCollection('m.kin').get('m/taken.jpg')).toMatchObject(expected);
    // The folder says less of it than the manifest, and takes nothing away.
    expect(await add('m.kin', ['m'])).toMatchObject({ ...noCounts, unchanged: 1 });
    expect(inCollection('m.kin').get('m/taken.jpg')).toMatchObject(expected);
  });

  it('reads archives where they lie, and finds their images when the archive is written anew', async () => {
    const picture = (name: string) => readFile(place('pictures', name));
    const one = { name: 'x/1.png', bytes: await picture('amber/1.png') };
    const two = { name: 'x/2.png', bytes: await picture('amber/2.png') };
    const three = { name: 'y/3.png', bytes: await picture('amber/3.png') };
    await writeFile(place('z.zip'), makeZip([one, two, three]));
    expect(await add('z.kin', ['z.zip'])).toMatchObject({ added: 3 });
    expect(await add('z.kin', ['z.zip'])).toMatchObject({ ...noCounts, unchanged: 3 });
    await writeFile(place('z.zip'), makeZip([three, { ...one, deflate: true }]));
    const result = await add('z.kin', ['z.zip']);
    expect(result).toMatchObject({ ...noCounts, unchanged: 2, missing: 1, images: 2 });
    const { archived } = inCollection('z.kin').get('z.zip/x/1.png')!;
    expect(JSON.parse(archived!)).toMatchObject({ compression: 'deflate' });
  });

  it('takes images that are no files, whatever part of their source they come by', async () => {
    const header = (magic: number, ...sizes: number[]) => {
      const bytes = Buffer.alloc(4 * (1 + sizes.length));
      [magic, ...sizes].forEach((value, i) => void bytes.writeUInt32BE(value, 4 * i));
      return bytes;
    };
    const pixels = Buffer.from(Array.from({ length: 3 * 28 * 28 }, (_, i) => (i * i) % 251));
    await mkdir(place('digits'));
    for (const set of ['train', 't10k']) {
      await writeFile(
        place('digits', `${set}-images-idx3-ubyte`),
        Buffer.concat([header(0x803, 3, 28, 28), pixels]),
      );
      await writeFile(
        place('digits', `${set}-labels-idx1-ubyte`),
        Buffer.concat([header(0x801, 3), Buffer.of(7, 2, 1)]),
      );
    }
    const result = await add('d.kin', ['digits:test']);
    expect(result).toMatchObject({ added: 3, images: 3 });
    expect(await add('d.kin', ['digits'])).toMatchObject({ added: 3, unchanged: 3, images: 6 });
    within(place('d.kin'), ({ catalog }) => {
      for (const { id } of catalog.images.each()) expect(catalog.previews.thumbnail(id)).toBeDefined();
    });
  });
});
