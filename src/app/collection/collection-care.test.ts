import { existsSync } from 'node:fs';
import { appendFile, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Libsql from 'libsql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pictureFolder } from '../../../test/fixtures/picture-folder.js';
import { tinyModel, tinyTrained } from '../../../test/fixtures/tiny-model.js';
import { Catalog } from '../../collection/catalog/catalog.js';
import { addImages } from './add/add-images.js';
import { collectionStatus } from './collection-status.js';
import { compactCollection } from './compact-collection.js';
import { exportCollection } from './export-collection.js';
import { type ReindexOptions, reindexCollection } from './reindex-collection.js';
import { type VerifyResult, verifyCollection } from './verify-collection.js';

let root: string;
const path = (...names: string[]) => join(root, ...names);
const count = 24;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'imagekin-care-'));
  await pictureFolder({ amber: 8, blue: 8, clay: 8 }, root);
  await writeFile(path('one.onnx'), tinyModel(tinyTrained(1)));
  await writeFile(path('two.onnx'), tinyModel(tinyTrained(2)));
});
afterAll(() => rm(root, { recursive: true, force: true }));

const add = (name: string, source = 'pictures', model?: string) =>
  addImages({
    collection: path(name),
    sources: [path(source)],
    ...(model !== undefined && { model: path(model) }),
  });
const status = (name: string, labels?: number) => collectionStatus({ collection: path(name), labels });
const verified = (name: string, flags: { readonly deep?: boolean; readonly fix?: boolean } = {}) =>
  verifyCollection({ collection: path(name), ...flags });
const compact = (name: string, missing = false) => compactCollection({ collection: path(name), missing });
const reindex = (name: string, options: Omit<ReindexOptions, 'collection'> = {}) =>
  reindexCollection({ collection: path(name), ...options });

/** A collection of all pictures. */
async function collection(name: string): Promise<string> {
  await add(name, 'pictures', 'one.onnx');
  return name;
}

function changed(name: string, work: (catalog: Catalog) => void): void {
  const catalog = Catalog.open(path(name, 'catalog.sqlite'));
  try {
    catalog.write(() => work(catalog));
  } finally {
    catalog.close();
  }
}

const kindsOf = ({ findings }: VerifyResult) => findings.map(({ kind }) => kind).sort();

/** Names and bytes of all files of a collection but for the log and its index, which SQLite makes to read. */
async function contentOf(name: string) {
  // The log is emptied into the file when the last connection is collected as garbage, which may be now or later.
  const db = new Libsql(path(name, 'catalog.sqlite'));
  db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  db.close();
  const entries = await readdir(path(name), { withFileTypes: true, recursive: true });
  const files = entries.filter((entry) => entry.isFile() && !/-(wal|shm)$/.test(entry.name));
  return Promise.all(
    files.map(async (file) => [file.name, await readFile(`${file.parentPath}/${file.name}`)] as const),
  );
}

describe('imagekin status', () => {
  it('says what there is, and changes nothing', async () => {
    await collection('status.kin');
    const before = await contentOf('status.kin');
    const found = await status('status.kin', 2);
    expect(found).toMatchObject({
      schemaVersion: expect.any(Number),
      model: 'one.onnx',
      images: count,
      missing: 0,
      withoutVector: 0,
      labels: 3,
      largestLabels: [
        { label: 'amber', images: 8 },
        { label: 'blue', images: 8 },
      ],
      failures: 0,
      sources: [{ source: path('pictures'), images: count, walkedAt: expect.stringMatching(/^2.*Z$/) }],
      hasFile: true,
      calibrated: false,
      reindex: null,
      index: { wanted: { kind: 'auto', quantization: 'auto' }, state: { kind: 'exact', vectors: count } },
    });
    expect(found.bytes.vectors).toBe(count * 4 * found.dimension);
    expect(found.bytes.thumbnails).toBeGreaterThan(0);
    const { total, catalog, models, index } = found.bytes;
    expect(total).toBe(catalog + models + index);
    expect(await contentOf('status.kin')).toEqual(before);

    await reindex('status.kin', { index: 'exact' });
    const after = await status('status.kin');
    expect(after.index).toMatchObject({
      wanted: { kind: 'exact' },
      state: { kind: 'exact', vectors: count, stale: false },
    });
  });

  it('of a folder that is no collection is an error', async () => {
    await mkdir(path('empty'));
    await expect(status('empty')).rejects.toMatchObject({ code: 'collection-missing' });
    expect(await readdir(path('empty'))).toEqual([]);
  });
});

describe('imagekin verify', () => {
  it('finds nothing wrong with a collection as it was made, nor after a search', async () => {
    await collection('sound.kin');
    expect(await verified('sound.kin', { deep: true })).toMatchObject({
      clean: true,
      findings: [],
      checked: { images: count, vectors: count, files: count },
    });
    await reindex('sound.kin');
    expect(await verified('sound.kin')).toMatchObject({ clean: true, findings: [] });
  });

  it('finds vectors that are of no use, and has the next add mend them', async () => {
    await collection('vectors.kin');
    changed('vectors.kin', ({ db }) => {
      const bytes = 4 * db.row<[number]>('SELECT dimension FROM models')![0];
      db.run('UPDATE vectors SET vector = zeroblob(?) WHERE image = 1', bytes);
      db.run("UPDATE vectors SET vector = x'00' WHERE image = 2");
      const [vector] = db.row<[Buffer]>('SELECT vector FROM vectors WHERE image = 3')!;
      db.run(
        'UPDATE vectors SET vector = ? WHERE image = 3',
        Buffer.from(vector).fill('0000c07f', 4, 8, 'hex'),
      );
      db.run('DELETE FROM vectors WHERE image = 4');
    });
    const found = await verified('vectors.kin');
    expect(kindsOf(found)).toEqual([
      'images-without-vector',
      'vectors-malformed',
      'vectors-not-finite',
      'vectors-not-unit',
    ]);
    expect(found.findings[0]).toMatchObject({
      count: 1,
      fixed: 'no',
      examples: [expect.stringMatching(/\(id \d\)/)],
    });

    const fixed = await verified('vectors.kin', { fix: true });
    expect(fixed.clean).toBe(false);
    expect(fixed.findings.map(({ fixed: how }) => how)).toEqual(Array(4).fill('queued'));
    const added = await add('vectors.kin', 'pictures');
    expect(added).toMatchObject({ decoded: 4, unchanged: count - 4 });
    expect(await verified('vectors.kin', { deep: true })).toMatchObject({ clean: true, findings: [] });
  });

  it('finds rows that belong to nothing, and removes them', async () => {
    await collection('orphans.kin');
    const catalog = Catalog.open(path('orphans.kin', 'catalog.sqlite'));
    catalog.db.exec('PRAGMA foreign_keys = OFF');
    catalog.db.run('DELETE FROM images WHERE id = 5');
    catalog.close();
    // The index was told nothing of it.
    expect(kindsOf(await verified('orphans.kin'))).toEqual(['index-differs', 'rows-orphaned']);
    expect(await verified('orphans.kin', { fix: true })).toMatchObject({ clean: true });
    expect(await verified('orphans.kin')).toMatchObject({ clean: true, checked: { vectors: count - 1 } });
  });

  it('finds a model and an index that are not what they were', async () => {
    await collection('files.kin');
    await reindex('files.kin');
    const [model] = await readdir(path('files.kin', 'models'));
    const rows = (await readdir(path('files.kin', 'index'))).find((name) => name.endsWith('.rows'))!;
    const flip = async (path: string) => {
      const bytes = await readFile(path);
      bytes[Math.floor(bytes.length / 2)]! ^= 1;
      await writeFile(path, bytes);
    };
    await flip(path('files.kin', 'models', model!));
    await flip(path('files.kin', 'index', rows));
    await writeFile(path('files.kin', 'models', 'x.onnx.999999999-0123abcd.part'), 'half of it');
    expect(kindsOf(await verified('files.kin'))).toEqual(['index-damaged', 'leftovers', 'model-damaged']);
    const fixed = await verified('files.kin', { fix: true });
    expect(fixed.findings.map(({ kind, fixed: how }) => [kind, how]).sort()).toEqual([
      ['index-damaged', 'mended'],
      ['leftovers', 'mended'],
      ['model-damaged', 'no'],
    ]);
    await writeFile(path('files.kin', 'models', model!), await readFile(path('one.onnx')));
    expect(await verified('files.kin')).toMatchObject({ clean: true, findings: [] });
    await rm(path('files.kin', 'models', model!));
    expect(kindsOf(await verified('files.kin'))).toEqual(['model-missing']);
  });

  it('finds an index that holds other vectors than the catalog', async () => {
    await collection('differs.kin');
    await reindex('differs.kin');
    changed('differs.kin', ({ db }) => {
      db.run('UPDATE vectors SET vector = (SELECT vector FROM vectors WHERE image = 7) WHERE image = 6');
      // As if nothing had happened.
      db.run('DELETE FROM changes WHERE image = 6');
    });
    expect(await verified('differs.kin')).toMatchObject({ findings: [{ kind: 'index-differs', count: 1 }] });
    expect(await verified('differs.kin', { fix: true })).toMatchObject({ clean: true });
    expect(await verified('differs.kin')).toMatchObject({ findings: [] });
  });

  it('reads the files of images where it is told to', async () => {
    await mkdir(path('own', 'a'), { recursive: true });
    for (const i of [0, 1, 2])
      await writeFile(path('own', 'a', `${i}.png`), await readFile(path('pictures', 'amber', `${i}.png`)));
    await add('deep.kin', 'own', 'one.onnx');
    await rm(path('own', 'a', '0.png'));
    await appendFile(path('own', 'a', '1.png'), 'more');
    expect(kindsOf(await verified('deep.kin'))).toEqual([]);
    expect(kindsOf(await verified('deep.kin', { deep: true }))).toEqual(['files-changed', 'files-gone']);
    await verified('deep.kin', { deep: true, fix: true });
    expect(await status('deep.kin')).toMatchObject({ images: 2, missing: 1 });
    expect(await add('deep.kin', 'own')).toMatchObject({ decoded: 1 });
    expect(await verified('deep.kin', { deep: true })).toMatchObject({ clean: true });
  });

  it('of what is no catalog is an error that says so', async () => {
    await mkdir(path('broken.kin'));
    await writeFile(path('broken.kin', 'catalog.sqlite'), 'no database, whatever it says '.repeat(200));
    await expect(verified('broken.kin')).rejects.toMatchObject({ code: 'collection-damaged' });
  });
});

describe('imagekin compact', () => {
  it('removes what is not needed any more, and makes the catalog smaller', async () => {
    await collection('compact.kin');
    changed('compact.kin', (catalog) => {
      const old = catalog.models.add({ id: 'f'.repeat(64), name: 'old.onnx', dimension: 50_000 });
      catalog.models.vectors(old).put([1, 2, 3], new Float32Array(150_000));
      catalog.images.markMissing([8, 9]);
    });
    await writeFile(path('compact.kin', 'models', `${'f'.repeat(64)}.onnx`), 'the old model');
    const result = await compact('compact.kin');
    expect(result).toMatchObject({
      finished: true,
      removed: { missingImages: 0, vectors: 3, models: 1, leftovers: 0 },
      logEmptied: true,
    });
    expect(result.bytesBefore - result.bytesAfter).toBeGreaterThan(500_000);
    expect(await readdir(path('compact.kin', 'models'))).toHaveLength(1);

    expect(await status('compact.kin')).toMatchObject({ images: count - 2, missing: 2 });
    expect(await compact('compact.kin', true)).toMatchObject({
      removed: { missingImages: 2 },
    });
    expect((await status('compact.kin')).missing).toBe(0);
    expect(await verified('compact.kin')).toMatchObject({ clean: true, findings: [] });
  });
});

describe('imagekin reindex', () => {
  it('changes a collection to another model', async () => {
    await collection('reindex.kin');
    const one = (await status('reindex.kin')).modelId;
    const result = await reindex('reindex.kin', { model: path('two.onnx') });
    expect(result).toMatchObject({
      finished: true,
      switched: true,
      embedded: count,
      skipped: [],
      model: 'two.onnx',
    });
    expect(result.modelId).not.toBe(one);
    expect(await readdir(path('reindex.kin', 'models'))).toEqual([`${result.modelId}.onnx`]);
    expect(await verified('reindex.kin', { deep: true })).toMatchObject({
      clean: true,
      findings: [],
      checked: { vectors: count },
    });

    // As if they had been added by it from the beginning.
    await add('fresh.kin', 'pictures', 'two.onnx');
    const vectors = async (name: string) => {
      await exportCollection({ collection: path(name), out: path(`${name}.npy`) });
      return readFile(path(`${name}.npy`));
    };
    expect((await vectors('reindex.kin')).equals(await vectors('fresh.kin'))).toBe(true);
    expect(await add('reindex.kin', 'pictures')).toMatchObject({ unchanged: count, decoded: 0 });
    expect(await reindex('reindex.kin', { model: path('two.onnx') })).toMatchObject({
      switched: false,
      embedded: 0,
    });
  });

  it('embeds what others add while it runs', async () => {
    await add('busy.kin', 'pictures/amber', 'one.onnx');
    const rounds: string[] = [];
    const result = await reindex('busy.kin', {
      model: path('two.onnx'),
      onProgress: ({ task, done, total }) => {
        if (task !== 'reindexing') return;
        rounds.push(`${done}/${total}`);
        // When all that there was is embedded, and before the change.
        if (rounds.length !== 2) return;
        changed('busy.kin', (catalog) => {
          const [first] = catalog.images.byId([1]);
          const picture = path('pictures', 'blue', '0.png');
          const [id] = catalog.images.put([{ ...first!, path: picture, name: 'late.png', sha256: null }]);
          catalog.models.vectors(catalog.models.active()!).copy(1, id!);
        });
      },
    });
    expect(rounds).toEqual(['0/8', '8/8', '8/9', '9/9']);
    expect(result).toMatchObject({ switched: true, embedded: 9, skipped: [] });
    expect(await verified('busy.kin')).toMatchObject({ clean: true, checked: { vectors: 9 } });
  });

  it('goes on where it was killed, and searches stay with the old model until then', async () => {
    await collection('half.kin');
    const one = (await status('half.kin')).modelId;
    changed('half.kin', (catalog) => {
      const two = catalog.models.add({ id: 'e'.repeat(64), name: 'unfinished.onnx', dimension: 4 });
      catalog.models.prepare(two);
      catalog.models.vectors(two).put([1, 2, 3], new Float32Array(12).fill(0.5));
    });
    const found = await status('half.kin');
    expect(found).toMatchObject({
      modelId: one,
      reindex: { model: 'unfinished.onnx', done: 3, total: count },
    });
    // What is under way is not in the way of compacting, and goes when it is given up.
    expect(await compact('half.kin')).toMatchObject({ removed: { vectors: 0, models: 0 } });
    await reindex('half.kin', { abandon: true });
    expect(await status('half.kin')).toMatchObject({ modelId: one, reindex: null });
  });

  it('leaves out what cannot be embedded, lists it, and refuses where that is much', async () => {
    await mkdir(path('few', 'a'), { recursive: true });
    for (const i of [0, 1, 2, 3])
      await writeFile(path('few', 'a', `${i}.png`), await readFile(path('pictures', 'blue', `${i}.png`)));
    await add('few.kin', 'few', 'one.onnx');
    await rm(path('few', 'a', '0.png'));
    await appendFile(path('few', 'a', '1.png'), 'more');
    await rename(path('few', 'a', '2.png'), path('few', 'a', 'renamed.png'));
    await expect(reindex('few.kin', { model: path('two.onnx') })).rejects.toThrow(
      /at most 1 % of the images.*got 3 of 4.*imagekin add/,
    );
    expect(await status('few.kin')).toMatchObject({
      hasFile: true,
      reindex: { model: 'two.onnx', done: 1, total: 4 },
    });

    const { skipped, switched } = await reindex('few.kin', { model: path('two.onnx'), force: true });
    expect(switched).toBe(true);
    expect(skipped.map(({ path: skippedPath }) => skippedPath.slice(-5)).sort()).toEqual([
      '0.png',
      '1.png',
      '2.png',
    ]);
    expect(await status('few.kin')).toMatchObject({ images: 2, missing: 2, withoutVector: 1 });
    await add('few.kin', 'few');
    expect(await status('few.kin')).toMatchObject({ images: 3, withoutVector: 0 });
    expect(await verified('few.kin', { deep: true })).toMatchObject({ clean: true });
  });

  it('makes the index anew as it is told, and so from then on', async () => {
    await collection('index.kin');
    await reindex('index.kin', { index: 'exact' });
    expect(existsSync(path('index.kin', 'index', 'manifest.json'))).toBe(true);
    const found = await status('index.kin');
    expect(found.index.wanted).toEqual({ kind: 'exact', quantization: 'auto' });
    await reindex('index.kin', { index: 'auto', quantization: 'i8' });
    expect((await status('index.kin')).index.wanted).toEqual({
      kind: 'auto',
      quantization: 'i8',
    });
  });
});
