import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryDirectory } from '../../../test/fixtures/temporary-directory.js';
import { Catalog } from './catalog.js';
import { CatalogDatabase } from './database.js';
import type { NewImage } from './image-record.js';
import { present } from './image-table.js';
import { migrate, migrations } from './migrations.js';

const dimension = 3;

async function opened() {
  const path = join(await temporaryDirectory(), 'catalog.sqlite');
  const catalog = Catalog.open(path);
  const { source, vectors } = catalog.write(() => {
    const model = catalog.models.add({ id: 'aa', name: 'model.onnx', dimension });
    catalog.models.activate(model);
    return {
      source: catalog.sources.add('/photos', '/photos').number,
      vectors: catalog.models.vectors(model),
    };
  });
  const image = (name: string, more: Partial<NewImage> = {}): NewImage => ({
    path: `/photos/${name}`,
    entry: '',
    size: 10,
    mtime: 1234.5678,
    source,
    name,
    sha256: `hash of ${name}`,
    width: 4,
    height: 3,
    format: 'jpeg',
    label: null,
    split: null,
    metadata: {},
    ...more,
  });
  const add = (names: readonly string[], vectorOf: (i: number) => number[] = (i) => [i, 0, 0]) =>
    catalog.write(() => {
      const ids = catalog.images.put(names.map((name) => image(name)));
      vectors.put(ids, Float32Array.from(names.flatMap((_, i) => vectorOf(i))));
      return ids;
    });
  return { path, catalog, vectors, image, add };
}

const plain = ({ ids, vectors }: { ids: Uint32Array; vectors: Float32Array }) => ({
  ids: [...ids],
  vectors: [...vectors],
});

describe('Catalog', () => {
  it('gives back what it was told, whatever is in names and metadata', async () => {
    const { catalog, image } = await opened();
    const odd = image('line\nbreak "quoted" 🦊 \u2028.jpg', {
      entry: 'in/archive.png',
      archived: '{"offset":3}',
      label: 'shoes/boots',
      metadata: { takenAt: '2024-01-01', tags: ['a', 'b'], nested: { x: 1.5 }, none: null, yes: true },
    });
    const [id] = catalog.images.put([odd]);
    expect(catalog.images.byId([id!])).toEqual([
      { ...odd, id, addedAt: expect.stringMatching(/^2\d\d\d-.*Z$/), missingSince: null },
    ]);
    expect(catalog.images.at([odd])).toHaveLength(1);
    expect(catalog.images.at([{ path: odd.path, entry: '' }])).toEqual([]);
  });

  it('takes texts that were cut off within a character, and takes nothing else for such', async () => {
    const { catalog, image, add } = await opened();
    const cut = image('a\ud83e', { entry: '\udd8a', label: 'x\ud83e', metadata: { 'k\ud83e': ['v\udd8a'] } });
    const [a, b] = catalog.images.put([cut, image('\\ud83e', { label: '\\\\ud83e 🦊' })]);
    expect(catalog.images.byId([a!, b!])).toMatchObject([
      { name: 'a\ufffd', entry: '\ufffd', label: 'x\ufffd', metadata: { 'k\ufffd': ['v\ufffd'] } },
      { name: '\\ud83e', label: '\\\\ud83e 🦊' },
    ]);
    catalog.images.describe(b!, { label: 'y\ud83e', metadata: { z: '\ud83e' } });
    expect(catalog.images.byId([b!])).toMatchObject([{ label: 'y\ufffd', metadata: { z: '\ufffd' } }]);
    expect(catalog.images.put([cut])).toEqual([a]);
    expect(add(['b\ud83e.jpg'])).toHaveLength(1);
  });

  it('finds each image once by its bytes, however often they are asked for', async () => {
    const { catalog, image } = await opened();
    const ids = catalog.images.put(['a', 'b', 'c'].map((name) => image(name, { sha256: 'same' })));
    const found = catalog.images.withSha256(Array.from({ length: 50 }, () => 'same'));
    expect(found.map(({ id }) => id).sort()).toEqual(ids);
  });

  it('keeps the id of what is put again at a place, and never gives one twice', async () => {
    const { catalog, image, add } = await opened();
    const [a, b] = add(['a.jpg', 'b.jpg']);
    const first = catalog.images.byId([a!])[0]!;
    expect(catalog.images.put([image('b.jpg', { size: 11 }), image('a.jpg', { label: 'cat' })])).toEqual([
      b,
      a,
    ]);
    expect(catalog.images.byId([a!])).toEqual([{ ...first, label: 'cat' }]);
    catalog.write(() => catalog.images.remove([b!]));
    expect(add(['c.jpg'])[0]).toBeGreaterThan(b!);
  });

  it('walks through more images than it reads at once', async () => {
    const { catalog, add } = await opened();
    const names = Array.from({ length: 2500 }, (_, i) => `${i}.jpg`);
    const ids = add(names);
    expect([...catalog.images.each()].map(({ id }) => id)).toEqual(ids);
    expect([...catalog.images.ids()]).toEqual(ids);
    expect(catalog.images.page(present, { offset: 2490, limit: 20 }).map(({ name }) => name)).toEqual(
      names.slice(2490),
    );
    expect(catalog.images.count()).toBe(2500);
  });

  it('removes an image with all that belongs to it', async () => {
    const { catalog, vectors, add } = await opened();
    const [a, b] = add(['a.jpg', 'b.jpg']);
    catalog.previews.put(a!, { thumbnail: Uint8Array.of(1), print: Uint8Array.of(2) });
    catalog.previews.copy(a!, b!);
    catalog.write(() => catalog.images.remove([a!]));
    expect(catalog.previews.thumbnail(a!)).toBeUndefined();
    expect([...catalog.previews.thumbnail(b!)!]).toEqual([1]);
    expect(plain(vectors.of(Uint32Array.of(a!, b!)))).toEqual({ ids: [b], vectors: [1, 0, 0] });
  });

  it('remembers failures by their place until they are taken back', async () => {
    const { catalog } = await opened();
    const failure = { path: '/a', entry: '', size: 1, mtime: 2.5, source: 1, reason: 'no image' };
    catalog.failures.put([failure, { ...failure, path: '/b' }]);
    catalog.failures.put([{ ...failure, reason: 'cut off' }]);
    expect(catalog.failures.at([failure])).toEqual([{ ...failure, reason: 'cut off' }]);
    catalog.failures.remove([failure]);
    expect(catalog.failures.all().map(({ path }) => path)).toEqual(['/b']);
  });

  it('counts labels', async () => {
    const { catalog, image } = await opened();
    catalog.images.put([
      image('a', { label: 'cat' }),
      image('b', { label: 'dog' }),
      image('c', { label: 'cat' }),
    ]);
    catalog.images.put([image('d')]);
    expect(catalog.images.labels()).toEqual([
      { label: 'cat', images: 2 },
      { label: null, images: 1 },
      { label: 'dog', images: 1 },
    ]);
  });
});

describe('vectors of a catalog', () => {
  it('are found by what changed since', async () => {
    const { catalog, vectors, add } = await opened();
    const [a, b] = add(['a.jpg', 'b.jpg']);
    const { change, blocks } = vectors.all();
    expect([...blocks].map(plain)).toEqual([{ ids: [a, b], vectors: [0, 0, 0, 1, 0, 0] }]);
    const nothing = vectors.changesSince(change);
    expect([nothing.upserted.ids.length, nothing.removed.length]).toEqual([0, 0]);

    const [c] = add(['c.jpg'], () => [0, 0, 7]);
    catalog.write(() => catalog.images.markMissing([a!]));
    catalog.write(() => catalog.images.remove([b!]));
    const changes = vectors.changesSince(change);
    expect(changes.change).toBe(catalog.change());
    expect(plain(changes.upserted)).toEqual({ ids: [c], vectors: [0, 0, 7] });
    expect([...changes.removed]).toEqual([a, b]);
    expect(vectors.count()).toBe(1);

    catalog.write(() => catalog.images.markPresent([a!]));
    expect([...vectors.changesSince(changes.change).upserted.ids]).toEqual([a]);
  });

  it('are found by what changed since, block by block where that is much', async () => {
    const { catalog, vectors, add } = await opened();
    const ids = add(Array.from({ length: 9000 }, (_, i) => `${i}.jpg`));
    const change = vectors.change();
    catalog.write(() => catalog.images.remove(ids.filter((id) => id % 3 === 0)));
    catalog.write(() => vectors.put([ids[0]!, ids[8998]!], Float32Array.of(0, 1, 0, 0, 0, 1)));
    const { upserted, removed } = vectors.changesSince(change);
    expect(plain(upserted)).toEqual({ ids: [ids[0], ids[8998]], vectors: [0, 1, 0, 0, 0, 1] });
    expect([...removed]).toEqual(ids.filter((id) => id % 3 === 0));
    const all = vectors.changesSince(0).upserted;
    expect([...all.ids]).toEqual(ids.filter((id) => id % 3 !== 0));
    expect([...all.vectors.subarray(3, 6)]).toEqual([1, 0, 0]);
  });

  it('of a model that is not searched are no changes', async () => {
    const { catalog, vectors, add } = await opened();
    const ids = add(['a.jpg', 'b.jpg']);
    const before = vectors.change();
    const next = catalog.models.add({ id: 'bb', name: 'other.onnx', dimension: 2 });
    const others = catalog.models.vectors(next);
    expect([...others.imagesWithout(10)]).toEqual(ids);
    catalog.write(() => others.put([ids[0]!], Float32Array.of(1, 2)));
    expect([...others.imagesWithout(10)]).toEqual([ids[1]]);
    expect(vectors.changesSince(before).upserted.ids).toHaveLength(0);
    expect(others.removeSome(10)).toBe(1);
  });

  it('of another model go where an image becomes another one', async () => {
    const { catalog, vectors, add } = await opened();
    const [a, b] = add(['a.jpg', 'b.jpg']) as [number, number];
    const next = catalog.models.add({ id: 'bb', name: 'other.onnx', dimension: 2, hasFile: false });
    const others = catalog.models.vectors(next);
    catalog.write(() => {
      catalog.models.prepare(next);
      others.put([a, b], Float32Array.of(1, 2, 3, 4));
    });
    expect(catalog.models.next()).toEqual(next);
    catalog.write(() => vectors.put([a], Float32Array.of(5, 5, 5)));
    expect(plain(others.of(Uint32Array.of(a, b)))).toEqual({ ids: [b], vectors: [3, 4] });
    expect([[...others.imagesWithout(9)], [...others.imagesWithout(9, a)], others.countWithout()]).toEqual([
      [a],
      [],
      1,
    ]);

    // After the change of models, vectors of the old one go without taking along those of the new one.
    catalog.write(() => catalog.models.activate(next));
    expect([catalog.models.active(), catalog.models.next()]).toEqual([next, undefined]);
    catalog.write(() => vectors.removeSome(10));
    expect([vectors.countAll(), others.countAll()]).toEqual([0, 1]);
  });

  it('are read as of one moment, while others are written', async () => {
    const { catalog, vectors, add } = await opened();
    const many = Array.from({ length: 5000 }, (_, i) => `${i}.jpg`);
    add(many);
    const { change, blocks } = vectors.all();
    const iterator = blocks[Symbol.iterator]();
    const first = iterator.next();
    add(['late.jpg']);
    let count = first.value!.ids.length;
    for (let next = iterator.next(); !next.done; next = iterator.next()) count += next.value.ids.length;
    expect(count).toBe(5000);
    expect(catalog.change()).toBe(change + 1);
  });

  it.each([
    ['of another length', Float32Array.of(1, 2)],
    ['that are not finite', Float32Array.of(1, Number.NaN, 2)],
  ])('%s are refused', async (_, vector) => {
    const { catalog, vectors, add } = await opened();
    const [id] = add(['a.jpg']);
    expect(() => catalog.write(() => vectors.put([id!], vector))).toThrow(
      expect.objectContaining({ code: 'model-mismatch' }),
    );
  });
});

describe('a statement', () => {
  it('takes a blob or a null that is its only parameter', async () => {
    const { catalog } = await opened();
    const { db } = catalog;
    db.exec('CREATE TABLE blobs (value BLOB)');
    expect([
      db.run('INSERT INTO blobs VALUES (?)', Buffer.of(1, 2)),
      db.run('INSERT INTO blobs VALUES (?)', null),
    ]).toEqual([1, 1]);
    expect(db.rows('SELECT hex(value) FROM blobs')).toEqual([['0102'], ['']]);
    expect([...db.each('SELECT count(*) FROM blobs WHERE value = ?', Buffer.of(1, 2))]).toEqual([[1]]);
  });
});

describe('a write', () => {
  it('is taken back whole where something of it fails', async () => {
    const { catalog, image } = await opened();
    const before = catalog.change();
    expect(() =>
      catalog.write(() => {
        catalog.images.put([image('a.jpg')]);
        throw new Error('no');
      }),
    ).toThrow('no');
    expect([catalog.change(), catalog.images.count()]).toEqual([before, 0]);
  });

  it('is seen by another connection when it is done, and not before', async () => {
    const { path, catalog, image } = await opened();
    const other = Catalog.open(path);
    catalog.write(() => {
      catalog.images.put([image('a.jpg')]);
      expect(other.images.count()).toBe(0);
    });
    expect(other.images.count()).toBe(1);
    other.close();
  });
});

describe('opening a catalog', () => {
  it('to read it changes nothing, and refuses to', async () => {
    const { path, add } = await opened();
    add(['a.jpg']);
    const reader = Catalog.openToRead(path);
    expect(reader.images.count()).toBe(1);
    expect(() => reader.write(() => reader.images.remove([1]))).toThrow();
    reader.close();
    const older = CatalogDatabase.open(path);
    older.exec('PRAGMA user_version = 0');
    older.close();
    expect(() => Catalog.openToRead(path)).toThrow(/version 0/);
  });

  it('refuses what is none, and what is newer', async () => {
    const directory = await temporaryDirectory();
    const text = join(directory, 'text.sqlite');
    await writeFile(text, 'not a database, but long enough to be looked at as one '.repeat(20));
    expect(() => Catalog.open(text)).toThrow(expect.objectContaining({ code: 'collection-damaged' }));

    const foreign = join(directory, 'foreign.sqlite');
    const db = CatalogDatabase.open(foreign);
    db.exec('CREATE TABLE theirs (x)');
    db.close();
    expect(() => Catalog.open(foreign)).toThrow(/a database of something else/);

    const newer = join(directory, 'newer.sqlite');
    Catalog.open(newer).close();
    const next = CatalogDatabase.open(newer);
    next.exec(`PRAGMA user_version = ${migrations.length + 1}`);
    next.close();
    expect(() => Catalog.open(newer)).toThrow(expect.objectContaining({ code: 'collection-newer' }));
  });

  it('brings an older one to the newest schema, and leaves it as it was where that fails', async () => {
    const { path, catalog, image } = await opened();
    catalog.images.put([image('a.jpg')]);
    catalog.close();
    const db = CatalogDatabase.open(path);
    expect(() =>
      migrate(db, [...migrations, 'ALTER TABLE images ADD COLUMN stars INTEGER; SELECT nonsense']),
    ).toThrow();
    migrate(db, [...migrations, 'ALTER TABLE images ADD COLUMN stars INTEGER']);
    expect(db.rows('SELECT name, stars FROM images')).toEqual([['a.jpg', null]]);
    expect(db.row('PRAGMA user_version')).toEqual([migrations.length + 1]);
    db.close();
  });
});
