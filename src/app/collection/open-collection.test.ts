import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pictureFolder } from '../../../test/fixtures/picture-folder.js';
import { tinyModel, tinyTrained } from '../../../test/fixtures/tiny-model.js';
import { openCollection } from './open-collection.js';

let root: string;
const place = (...names: string[]) => join(root, ...names);
const model = () => place('model.onnx');
/** Of both folders. */
const count = 10;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'imagekin-test-'));
  await pictureFolder({ amber: 5, blue: 5 }, root);
  await writeFile(model(), tinyModel());
  await writeFile(place('other.onnx'), tinyModel(tinyTrained(2)));
});
afterAll(() => rm(root, { recursive: true, force: true }));

describe('openCollection', () => {
  it('makes a collection, which then stands alone: it is added to and searched without a model', async () => {
    const made = await openCollection(place('a.kin'), { model: model(), threads: 1 });
    expect(await made.add(place('pictures', 'amber'))).toMatchObject({ added: 5, images: 5, skipped: [] });
    await made.close();

    const photos = await openCollection(place('a.kin'), { threads: 1 });
    const query = place('pictures', 'blue', '0.png');
    expect((await photos.search(query)).map(({ path }) => path)).not.toContain(query);
    expect(await photos.add([place('pictures', 'blue'), place('pictures', 'amber')])).toMatchObject({
      added: 5,
      unchanged: 5,
    });
    // What was added since it was first searched is found.
    const [first] = await photos.search(query, { k: 1 });
    expect(first).toMatchObject({ rank: 1, path: query });
    expect(first!.score).toBeCloseTo(1, 6);
    expect(await photos.status()).toMatchObject({ collection: place('a.kin') });
    await photos.close();
  });

  it('searches by path, by id, by several with weights, less others, and among some', async () => {
    const photos = await openCollection(place('b.kin'), { model: model(), threads: 1 });
    await photos.add(place('pictures'));
    const file = place('pictures', 'amber', '1.png');
    const byFile = await photos.search(file, { k: count });
    const { id } = byFile[0]!;
    const byId = await photos.search(id, { k: count });
    expect(byId.map((hit) => hit.id)).toEqual(byFile.slice(1).map((hit) => hit.id));

    const blue = await photos.search(id, { k: 2, where: { label: 'blue' } });
    expect(blue.map(({ label }) => label)).toEqual(['blue', 'blue']);
    const next = await photos.search(id, { k: 1, offset: 1, where: { label: 'blue' } });
    expect(next).toEqual([blue[1]]);

    // All of the weight on one image leaves the other nothing to say but that it is not a result.
    const other = blue[0]!.id;
    const both = await photos.search(
      [
        { image: { file }, weight: 1 },
        { image: { id: other }, weight: 1e-6 },
      ],
      {
        k: count,
      },
    );
    expect(both.map((hit) => hit.id)).toEqual(byFile.map((hit) => hit.id).filter((found) => found !== other));
    const unlike = await photos.search(id, { k: count, unlike: other });
    expect(unlike.map((hit) => hit.id)).not.toContain(other);
    const score = (hits: typeof unlike, wanted: number) => hits.find((hit) => hit.id === wanted)!.score;
    const third = blue[1]!.id;
    expect(score(unlike, third)).not.toBeCloseTo(score(byId, third), 3);
    await photos.close();
  });

  it('answers searches that were begun together, and closes when they are done', async () => {
    const photos = await openCollection(place('b.kin'), { threads: 1 });
    const alone = await photos.search(1);
    const together = [
      photos.search(1),
      photos.search(2),
      photos.search(place('nothing.png')),
      photos.search(1),
    ];
    const settled = Promise.allSettled(together);
    await photos.close();
    const [first, , failed, last] = await settled;
    expect(first).toEqual({ status: 'fulfilled', value: alone });
    expect(failed).toMatchObject({ status: 'rejected', reason: { code: 'file-not-found' } });
    expect(last).toEqual(first);
    await expect(photos.search(1)).rejects.toThrow(/one that was closed/);
    await expect(photos.add(place('pictures'))).rejects.toThrow(/one that was closed/);
    await photos.close();
  });

  it('removes by id and path, by filters, and what is missing', async () => {
    const photos = await openCollection(place('c.kin'), { model: model(), threads: 1 });
    await mkdir(place('own'));
    for (let i = 0; i < 5; i++)
      await copyFile(place('pictures', 'amber', `${i}.png`), place('own', `${i}.png`));
    await photos.add([place('own'), place('pictures', 'blue')]);
    const ids = async () =>
      (await photos.search(place('own', '0.png'), { k: 20 })).map(({ id }) => id).sort((a, b) => a - b);
    const [first, second] = await ids();
    expect((await photos.remove({ images: [first!, `id:${second}`] })).removed.map(({ id }) => id)).toEqual([
      first,
      second,
    ]);
    expect(await ids()).not.toContain(second);
    expect((await photos.remove({ where: { path: { like: '*blue*' } }, dryRun: true })).removed).toHaveLength(
      5,
    );
    expect((await photos.remove({ where: 'path ~ "*blue*"' })).images).toBe(3);
    await rm(place('own', '4.png'));
    await photos.add(place('own'));
    const { removed } = await photos.remove({ missing: true });
    expect(removed).toMatchObject([{ path: place('own', '4.png') }]);
    await expect(photos.remove({ images: [999] })).rejects.toThrow(/of which it has none/);
    await expect(photos.remove({})).rejects.toMatchObject({ code: 'wrong-usage' });
    await photos.close();
  });

  it('says what is wrong when it is opened', async () => {
    await expect(openCollection(place('none.kin'))).rejects.toMatchObject({ code: 'collection-missing' });
    await expect(openCollection(place('b.kin'), { model: place('other.onnx') })).rejects.toMatchObject({
      code: 'model-mismatch',
    });
    await expect(openCollection(place('d.kin'), { model: place('no.onnx') })).rejects.toMatchObject({
      code: 'file-not-found',
    });
  });
});
