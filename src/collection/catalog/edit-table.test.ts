import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { filledCatalog } from '../../../test/fixtures/filled-catalog.js';
import { temporaryDirectory } from '../../../test/fixtures/temporary-directory.js';
import { Catalog } from './catalog.js';
import { CatalogDatabase } from './database.js';
import { migrate, migrations } from './migrations.js';

describe('edits', () => {
  it('set label, split and metadata of many images, and remember what that was', () => {
    const { catalog, ids } = filledCatalog([
      { label: 'a', metadata: { note: 'old', 'on "sale"': true, nested: { deep: 1 } } },
      { label: 'b', split: 'test' },
      { label: 'c' },
    ]);
    const [a, b, c] = ids as [number, number, number];
    const set = (...args: Parameters<typeof catalog.edits.set>) =>
      catalog.write(() => catalog.edits.set(...args));
    expect(set([a, b, b, 99], { label: 'z' })).toBe(2);
    expect(set([a], { metadata: { note: null, stars: 5, nested: { other: 2 }, __proto__x: 'y' } })).toBe(1);
    expect(set([a, c], { split: null })).toBe(2);
    expect(set([99], { label: 'z' })).toBe(0);
    const records = catalog.images.byId(ids);
    expect(records.map(({ label, split }) => [label, split])).toEqual([
      ['z', null],
      ['z', 'test'],
      ['c', null],
    ]);
    expect(records[0]!.metadata).toEqual({
      'on "sale"': true,
      nested: { other: 2 },
      stars: 5,
      __proto__x: 'y',
    });
    expect(catalog.edits.of([...ids, 99])).toEqual(
      new Map([
        [a, { label: true, split: true, metadata: ['__proto__x', 'nested', 'note', 'stars'] }],
        [b, { label: true, split: false, metadata: [] }],
        [c, { label: false, split: true, metadata: [] }],
      ]),
    );
    expect([a, 99].map((id) => catalog.edits.has(id))).toEqual([true, false]);
    catalog.write(() => catalog.images.remove([a]));
    expect(catalog.edits.has(a)).toBe(false);
  });

  it('are told by the number of the write where they change a label, and only there', () => {
    const { catalog, ids } = filledCatalog([{ label: 'a' }, {}]);
    const numbers = (work: () => void) => {
      catalog.write(work);
      return catalog.labelChange() - catalog.change();
    };
    expect(catalog.labelChange()).toBe(0);
    expect(numbers(() => catalog.edits.set(ids, { label: 'b' }))).toBe(0);
    expect(numbers(() => catalog.edits.set(ids, { label: 'b' }))).toBe(-1);
    expect(numbers(() => catalog.edits.set(ids, { split: 'test', metadata: { x: 1 } }))).toBe(-2);
    expect(numbers(() => catalog.edits.set([ids[1]!], { label: null }))).toBe(0);
    // By a source, or by what is imported in the place of what is there.
    expect(numbers(() => catalog.images.describe(ids[1]!, { label: 'c' }))).toBe(0);
    const [known] = catalog.images.byId([ids[0]!]);
    expect(numbers(() => catalog.images.put([{ ...known!, label: 'b' }]))).toBe(-1);
    expect(numbers(() => catalog.images.put([{ ...known!, label: 'd' }]))).toBe(0);
  });

  it('can be made in a catalog of an earlier version', async () => {
    const path = join(await temporaryDirectory(), 'catalog.sqlite');
    const old = CatalogDatabase.open(path);
    migrate(old, migrations.slice(0, 2));
    old.run("INSERT INTO sources VALUES (1, '/photos', '/photos', '2024-01-01', NULL)");
    old.run(
      "INSERT INTO images (source, path, name, label, added_at) VALUES (1, '/photos/a.jpg', 'a.jpg', 'cat', '2024-01-01')",
    );
    old.close();
    const catalog = Catalog.open(path);
    expect(catalog.labelChange()).toBe(0);
    catalog.write(() => catalog.edits.set([1], { label: 'dog' }));
    expect(catalog.images.byId([1])[0]).toMatchObject({ label: 'dog', name: 'a.jpg' });
    expect(catalog.labelChange()).toBe(1);
    catalog.close();
  });
});
