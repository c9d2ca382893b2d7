import { copyFile, mkdir, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { handMadeCollection } from '../../../../test/fixtures/hand-made-collection.js';
import { temporaryDirectory } from '../../../../test/fixtures/temporary-directory.js';
import { writeVariedPictures } from '../../../../test/fixtures/varied-pictures.js';
import type { DuplicatesQuery } from '../../../api/index.js';
import { undoDuplicates } from '../../collection/undo-duplicates.js';
import type { ServiceContext } from '../context.js';
import { decide } from '../methods/decide.js';
import { duplicates } from '../methods/duplicates.js';
import { trash } from '../methods/trash.js';
import { computeDuplicates } from './compute-duplicates.js';
import { trashDecided } from './trash-decided.js';

let root = '';
let context: ServiceContext;
const photo = (...names: string[]) => join(root, 'photos', ...names);
const kin = () => join(root, 'photos.kin');

/** Four pictures, two copies of one and a smaller one of another. */
beforeEach(async () => {
  root = await temporaryDirectory();
  await writeVariedPictures(join(root, 'photos'), 1, 1);
  const pictures = await readdir(photo(), { recursive: true });
  const [one, other] = pictures.filter((name) => name.endsWith('.jpg')).sort();
  await mkdir(photo('copies'));
  await copyFile(photo(one!), photo('copies', 'a.jpg'));
  await copyFile(photo(one!), photo('copies', 'b.jpg'));
  await utimes(photo(one!), 1e9, 1e9);
  await sharp(photo(other!)).resize(120).jpeg({ quality: 70 }).toFile(photo('copies', 'small.jpg'));
  const collection = await handMadeCollection(kin(), photo());
  onTestFinished(() => collection.close());
  context = {
    name: 'photos',
    directory: kin(),
    collection,
    searcher: () => Promise.reject(new Error('nothing is searched here')),
  };
});

const compute = () => computeDuplicates({ collection: kin(), threads: 1 });
const look = (query: DuplicatesQuery = {}) => duplicates(context, query, {});
const idOf = (path: string) => context.collection.catalog.images.at([{ path, entry: '' }])[0]!.id;
const decideOf = (path: string, decision: 'keep' | 'trash' | null) =>
  decide(context, { decisions: [{ id: idOf(path), decision }] }, {});
const isThere = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  );

describe('duplicates', () => {
  it('says that nobody has looked for copies yet, and then what was found', async () => {
    expect(await look()).toMatchObject({ state: 'missing', computedAt: null, total: 0, groups: [] });
    expect(await compute()).toMatchObject({ finished: true, groups: 2, copies: 3 });
    const page = await look();
    expect(page).toMatchObject({ state: 'ready', total: 2, copies: 3, toTrash: 0 });
    expect(page.groups.map(({ kind, images }) => [kind, ...images.map(({ role }) => role)])).toEqual([
      ['exact', 'keep', 'exact', 'exact'],
      ['near', 'keep', 'near'],
    ]);
    expect(page.groups[0]?.images[1]).toMatchObject({ path: photo('copies', 'a.jpg'), decision: null });
    expect(page.copyBytes).toBe(
      2 * (await stat(photo('copies', 'a.jpg'))).size + (await stat(photo('copies', 'small.jpg'))).size,
    );
    expect((await look({ kind: 'near' })).total).toBe(1);
    const second = await look({ offset: 1, limit: 1 });
    expect(second).toMatchObject({ total: 2, offset: 1, groups: [{ kind: 'near' }] });
  });

  it('leaves out what is gone or of other bytes, and is stale only where something has come', async () => {
    await compute();
    const { catalog } = context.collection;
    const keys = (await look()).groups.map(({ key }) => key);
    // What is said of images makes nothing stale, nor do decisions, nor that one is gone for a while.
    const a = idOf(photo('copies', 'a.jpg'));
    catalog.write(() => catalog.images.describe(a, { label: 'cat' }));
    await decideOf(photo('copies', 'b.jpg'), 'keep');
    catalog.write(() => catalog.images.markMissing([a]));
    const without = await look();
    expect(without).toMatchObject({ state: 'ready', total: 2, copies: 2 });
    expect(without.groups[0]?.key).not.toBe(keys[0]);
    expect(without.groups[1]?.key).toBe(keys[1]);
    catalog.write(() => catalog.images.markPresent([a]));
    expect((await look()).groups.map(({ key }) => key)).toEqual(keys);
    expect(await look()).toMatchObject({ state: 'ready' });

    // Other bytes at the same place.
    const [record] = catalog.images.byId([a]);
    catalog.write(() => {
      catalog.images.put([{ ...record!, sha256: 'f'.repeat(64) }]);
      context.collection.vectors.put(
        [a],
        Float32Array.from({ length: 12 }, (_, i) => (i === 0 ? 1 : 0)),
      );
    });
    expect(await look()).toMatchObject({ state: 'stale', total: 2, copies: 2 });
    await compute();
    expect((await look()).state).toBe('ready');
    catalog.write(() => catalog.images.remove([idOf(photo('copies', 'small.jpg'))]));
    expect(await look()).toMatchObject({ state: 'ready', total: 1 });
  });

  it('keeps what was decided through a new search for copies, and takes it back', async () => {
    await compute();
    const path = photo('copies', 'a.jpg');
    expect(await decideOf(path, 'trash')).toEqual({ images: 1 });
    await compute();
    const page = await look();
    const { bytes } = page.groups[0]!.images.find((image) => image.path === path)!;
    expect(page).toMatchObject({ toTrash: 1, toTrashBytes: bytes });
    expect(page.groups[0]?.images.map(({ decision }) => decision)).toEqual([null, 'trash', null]);
    expect((await look({ decided: 'open' })).total).toBe(2);
    for (const { id } of page.groups[0]!.images.filter(({ decision }) => decision === null))
      await decide(context, { decisions: [{ id, decision: 'keep' }] }, {});
    expect((await look({ decided: 'decided' })).groups.map(({ kind }) => kind)).toEqual(['exact']);
    expect((await look({ decided: 'open' })).groups.map(({ kind }) => kind)).toEqual(['near']);
    await decideOf(path, null);
    expect(await look()).toMatchObject({ toTrash: 0, toTrashBytes: 0 });
    const decisions = [
      { id: idOf(path), decision: 'trash' as const },
      { id: 99, decision: 'keep' as const },
    ];
    // All of it or nothing.
    expect(() => decide(context, { decisions }, {})).toThrow('99');
    expect((await look()).toTrash).toBe(0);
  });

  it('forgets what was decided of other bytes', async () => {
    const path = photo('copies', 'a.jpg');
    await decideOf(path, 'trash');
    const { catalog } = context.collection;
    const [record] = catalog.images.byId([idOf(path)]);
    catalog.write(() => catalog.images.put([{ ...record!, sha256: 'f'.repeat(64) }]));
    expect((await look()).toTrash).toBe(0);
    await expect(trashDecided({ collection: kin() })).rejects.toMatchObject({ code: 'wrong-usage' });
  });

  it('moves what was decided to be trash and nothing else, and puts it back', async () => {
    await compute();
    await expect(trashDecided({ collection: kin() })).rejects.toThrow('decided to be trash');
    const moved = ['a.jpg', 'small.jpg'].map((name) => photo('copies', name));
    for (const path of moved) await decideOf(path, 'trash');
    const { size } = await stat(moved[0]!);
    const result = await trashDecided({ collection: kin() });
    expect(result).toMatchObject({ finished: true, files: 2, skipped: [], folder: `${kin()}.trash` });
    expect(await Promise.all(moved.map(isThere))).toEqual([false, false]);
    expect(await isThere(photo('copies', 'b.jpg'))).toBe(true);
    expect(await look()).toMatchObject({ state: 'ready', toTrash: 0, total: 1, copies: 1 });
    const { batches, folder } = await trash(context, {}, {});
    expect(folder).toBe(`${kin()}.trash`);
    expect(batches).toMatchObject([{ batch: result.batch, files: 2, bytes: result.bytes }]);
    expect(result.bytes).toBeGreaterThan(size);
    expect(Date.parse(batches[0]!.movedAt)).toBeGreaterThan(Date.now() - 60_000);

    const undone = await undoDuplicates({ undoFile: join(folder, batches[0]!.batch) });
    expect(undone).toMatchObject({ putBack: 2, foundAgain: 2, skipped: [] });
    expect(await Promise.all(moved.map(isThere))).toEqual([true, true]);
    expect((await trash(context, {}, {})).batches).toEqual([]);
    // Nothing is decided of what is back.
    expect(await look()).toMatchObject({ state: 'ready', toTrash: 0, total: 2, copies: 3 });
  });

  it('moves no copy while those that stay are not what they were', async () => {
    await compute();
    const small = photo('copies', 'small.jpg');
    await decideOf(small, 'trash');
    const kept = (await look({ kind: 'near' })).groups[0]!.images[0]!.path;
    const away = join(root, 'away.jpg');
    await rename(kept, away);
    const result = await trashDecided({ collection: kin() });
    expect(result).toMatchObject({ files: 0, batch: null });
    expect(result.skipped).toEqual([
      { path: small, reason: expect.stringMatching(/^the copy to keep, .* is gone$/) },
    ]);
    // Of all copies that are trash, none need stay.
    await rename(away, kept);
    await decideOf(kept, 'trash');
    expect(await trashDecided({ collection: kin() })).toMatchObject({ files: 2, skipped: [] });
  });

  it('moves a copy where one of several that stay is what it was', async () => {
    await compute();
    const [best, ...others] = (await look({ kind: 'exact' })).groups[0]!.images.map(({ path }) => path);
    await decideOf(others[1]!, 'trash');
    await writeFile(best!, 'something else');
    expect(await trashDecided({ collection: kin() })).toMatchObject({ files: 1, skipped: [] });
  });

  it('goes on where a process was killed between moving a file and telling the catalog', async () => {
    await compute();
    const path = photo('copies', 'a.jpg');
    await decideOf(path, 'trash');
    const { batch, folder } = await trashDecided({ collection: kin() });
    const { catalog } = context.collection;
    // As if the catalog had not been told.
    catalog.write(() => catalog.images.markPresent([idOf(path)]));
    await decideOf(path, 'trash');
    await decideOf(photo('copies', 'b.jpg'), 'trash');
    const again = await trashDecided({ collection: kin() });
    expect(again).toMatchObject({ files: 1, skipped: [] });
    expect(await look()).toMatchObject({ toTrash: 0 });
    expect(catalog.images.byId([idOf(path)])[0]?.missingSince).not.toBeNull();
    for (const name of [batch, again.batch]) await undoDuplicates({ undoFile: join(folder, name!) });
    expect(await isThere(path)).toBe(true);
    expect(await look()).toMatchObject({ copies: 3 });
  });

  it('moves nothing into what images are added from', async () => {
    await compute();
    const { catalog } = context.collection;
    catalog.write(() => catalog.sources.add(root, root));
    const { folder } = await trash(context, {}, {});
    expect(folder.startsWith(`${root}/`)).toBe(false);
    expect(folder.endsWith('/photos.kin.trash')).toBe(true);
  });

  it('takes a file that is cut off or of another version for none', async () => {
    await compute();
    await writeFile(join(kin(), 'derived', 'duplicates.json'), '{"version":1,"change"');
    expect(await look()).toMatchObject({ state: 'missing', total: 0 });
    await rm(join(kin(), 'derived'), { recursive: true });
    expect(await look()).toMatchObject({ state: 'missing' });
    await decideOf(photo('copies', 'a.jpg'), 'trash');
    expect(await trashDecided({ collection: kin() })).toMatchObject({ files: 1 });
  });
});
