import { describe, expect, it, onTestFinished } from 'vitest';
import { filledCollection } from '../../../../test/fixtures/filled-collection.js';
import type { Facets, FacetsQuery, ImagesPage, ImagesQuery } from '../../../api/index.js';
import { jsonParameter } from '../../../collection/catalog/database.js';
import { ServiceHost } from '../service-host.js';

async function opened(images = 60) {
  const { collection, directory, ids } = await filledCollection(images);
  const host = new ServiceHost('photos', directory);
  onTestFinished(async () => {
    await host.close();
    collection.close();
  });
  const { signal } = new AbortController();
  const facets = (query: FacetsQuery) => host.answer('facets', query, signal) as Promise<Facets>;
  const list = (query: ImagesQuery) => host.answer('images', query, signal) as Promise<ImagesPage>;
  const describeAll = (metadata: (i: number) => object) =>
    collection.catalog.write(() => {
      for (const [i, id] of ids.entries())
        collection.catalog.db.run(
          'UPDATE images SET metadata = ? WHERE id = ?',
          jsonParameter(metadata(i)),
          id,
        );
    });
  return { collection, ids, facets, list, describeAll };
}

const odd = [
  'plain',
  'two words',
  'a "quoted" one',
  "it's",
  'true',
  'null',
  '5',
  '-1e3',
  'a\nb',
  '靴, (x)',
  ' spaces ',
  '2024x',
  '`tick`',
  'not',
];

describe('facets', () => {
  it('are of columns and of keys of few values, each value with the filter that means it', async () => {
    const { facets, list, describeAll } = await opened();
    describeAll((i) => ({
      'lens model': odd[i % odd.length],
      serial: `number ${i}`,
      exif: { flash: i % 3 === 0, iso: 100 * (i % 4) },
      tags: i % 5 === 0 ? [] : ['all', i % 2 === 0 ? 'even' : 'odd', 'all'],
      nothing: null,
    }));
    const found = await facets({});
    expect(found.facets.map(({ field }) => field).sort()).toEqual(
      ['`lens model`', 'exif.flash', 'exif.iso', 'format', 'label', 'split', 'tags'].sort(),
    );
    for (const { field, values } of found.facets)
      for (const { value, images, filter } of values) {
        const page = await list({ filter });
        expect(page.total, `${field}: ${value} by ${filter}`).toBe(images);
        expect(page.hints).toEqual([]);
      }
    const tags = found.facets.find(({ field }) => field === 'tags')!;
    expect(tags.values).toEqual([
      { value: 'all', images: 48, filter: 'tags = all' },
      { value: 'even', images: 24, filter: 'tags = even' },
      { value: 'odd', images: 24, filter: 'tags = odd' },
    ]);
  });

  it('count among what a filter leaves, and no more values than they are asked for', async () => {
    const { facets, list } = await opened();
    const filter = 'label = shoes/boots';
    const found = await facets({ filter, fields: 'split, price, addedAt, modifiedAt, width', limit: 1 });
    expect(found.total).toBe((await list({ filter })).total);
    expect(found.facets.map(({ field, more }) => [field, more])).toEqual([
      ['split', true],
      ['price', true],
      ['addedAt', false],
      ['modifiedAt', false],
      ['width', true],
    ]);
    for (const { values } of found.facets) {
      expect(values).toHaveLength(1);
      const { images, filter: one } = values[0]!;
      expect((await list({ filter: `(${filter}) and ${one}` })).total).toBe(images);
    }
  });

  it('follow what is written', async () => {
    const { collection, ids, facets } = await opened();
    const count = async () =>
      (await facets({ fields: 'label' })).facets[0]!.values.find(({ value }) => value === null)!.images;
    expect(await count()).toBe(30);
    expect(await count()).toBe(30);
    collection.catalog.write(() => collection.catalog.images.remove([ids[1]!]));
    expect(await count()).toBe(29);
  });

  it('are none of no images', async () => {
    const { facets } = await opened(0);
    expect(await facets({})).toEqual({ total: 0, facets: [] });
  });

  it('refuse fields that are none, and those that no two images share', async () => {
    const { facets } = await opened(3);
    await expect(facets({ fields: 'label,' })).rejects.toMatchObject({ code: 'filter-invalid' });
    await expect(facets({ fields: 'label split' })).rejects.toMatchObject({ code: 'filter-invalid' });
    await expect(facets({ fields: 'path' })).rejects.toMatchObject({ code: 'wrong-usage' });
  });
});
