import { copyFile, mkdir, rename, rm, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { beforeEach, describe, expect, it } from 'vitest';
import { imagesOf, within } from '../../../../test/fixtures/look-into-collection.js';
import { pictureFolder } from '../../../../test/fixtures/picture-folder.js';
import { temporaryDirectory } from '../../../../test/fixtures/temporary-directory.js';
import { tinyModel } from '../../../../test/fixtures/tiny-model.js';
import type { EditedValues } from '../../../collection/catalog/edit-table.js';
import { exportCollection } from '../export-collection.js';
import { importCollection } from '../import-collection.js';
import { addImages } from './add-images.js';

let root: string;
const place = (...names: string[]) => join(root, ...names);
const images = () => imagesOf(place('c.kin'), root);

beforeEach(async () => {
  root = await temporaryDirectory();
  await pictureFolder(undefined, root);
  await writeFile(place('model.onnx'), tinyModel());
});

function add(source = 'pictures') {
  return addImages({
    collection: place('c.kin'),
    sources: [place(source)],
    model: place('model.onnx'),
    threads: 1,
  });
}

function edit(name: string, values: EditedValues): void {
  const { id } = images().get(name)!;
  within(place('c.kin'), ({ catalog }) => catalog.write(() => catalog.edits.set([id], values)));
}

describe('what was set by hand of an image', () => {
  it('stays when its source is added again, and nothing is written for it', async () => {
    await add();
    edit('pictures/amber/0.png', { label: 'gold', split: 'test', metadata: { note: 'mine' } });
    const change = () => within(place('c.kin'), ({ catalog }) => catalog.change());
    const before = change();
    expect(await add()).toMatchObject({ unchanged: 24, described: 0 });
    expect(change()).toBe(before);
    expect(images().get('pictures/amber/0.png')).toMatchObject({
      label: 'gold',
      split: 'test',
      metadata: { note: 'mine' },
    });
    expect(images().get('pictures/amber/1.png')).toMatchObject({ label: 'amber' });
  });

  it('stays when a manifest says something else, which is taken where nothing was set', async () => {
    await add();
    edit('pictures/amber/0.png', { label: null, metadata: { stars: 5, maker: null } });
    const manifest = 'path,label,split,stars,maker,price\n';
    const rows = ['0', '1'].map((name) => `pictures/amber/${name}.png,yellow,train,1,me,3\n`);
    await writeFile(place('manifest.csv'), manifest + rows.join(''));
    expect(await add('manifest.csv')).toMatchObject({ described: 2 });
    const [edited, other] = ['0', '1'].map((name) => images().get(`pictures/amber/${name}.png`)!);
    expect(other).toMatchObject({ label: 'yellow', split: 'train' });
    expect(Object.keys(other!.metadata).sort()).toEqual(['maker', 'price', 'stars']);
    expect(edited).toMatchObject({ label: null, split: 'train' });
    expect(edited!.metadata).toEqual({ stars: 5, price: other!.metadata.price });
    expect(await add('manifest.csv')).toMatchObject({ described: 0 });
  });

  it('stays when the file is moved, comes back, or becomes another one', async () => {
    await add();
    const names = [
      'pictures/amber/0.png',
      'pictures/amber/1.png',
      'pictures/amber/2.png',
      'pictures/amber/3.png',
    ];
    for (const name of names) edit(name, { label: 'gold', metadata: { note: 'mine' } });
    await rename(place('pictures/amber/0.png'), place('pictures/blue/moved.png'));
    await rename(place('pictures/amber/3.png'), place('pictures/loose.png'));
    await rename(place('pictures/amber/1.png'), place('aside.png'));
    await unlink(place('pictures/amber/2.png'));
    await sharp({ create: { width: 30, height: 20, channels: 3, background: 'teal' } })
      .withExif({ IFD0: { Artist: 'somebody' } })
      .png()
      .toFile(place('pictures/amber/2.png'));
    expect(await add()).toMatchObject({ moved: 2, changed: 1, missing: 1 });
    await rename(place('aside.png'), place('pictures/amber/1.png'));
    expect(await add()).toMatchObject({ returned: 1 });
    for (const name of ['blue/moved.png', 'loose.png', 'amber/1.png', 'amber/2.png'])
      expect(images().get(`pictures/${name}`)).toMatchObject({
        label: 'gold',
        metadata: { note: 'mine' },
        missingSince: null,
      });
    expect(images().get('pictures/amber/2.png')).toMatchObject({ width: 30 });
  });

  it('is gone with the image', async () => {
    await mkdir(place('few/amber'), { recursive: true });
    await copyFile(place('pictures/amber/0.png'), place('few/amber/0.png'));
    await add('few');
    edit('few/amber/0.png', { label: 'gold' });
    within(place('c.kin'), ({ catalog }) => catalog.write(() => catalog.images.remove(catalog.images.ids())));
    await add('few');
    expect(images().get('few/amber/0.png')).toMatchObject({ label: 'amber' });
  });

  it('goes with an export, and comes with the import of one', async () => {
    await add();
    edit('pictures/amber/0.png', { label: 'gold', metadata: { note: 'mine' } });
    await exportCollection({ collection: place('c.kin'), out: place('out.jsonl') });
    await rm(place('c.kin'), { recursive: true });
    await importCollection({
      collection: place('c.kin'),
      file: place('out.jsonl'),
      model: place('model.onnx'),
    });
    expect(images().get('pictures/amber/0.png')).toMatchObject({ label: 'gold', metadata: { note: 'mine' } });
  });
});
