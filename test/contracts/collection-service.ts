import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CollectionService } from '../../src/app/service/collection-service.js';
import type { SearchQuestion } from '../../src/app/service/methods/search.js';

/** A collection of pictures of some labels, all of them with files, thumbnails and vectors. */
export interface ServedPictures {
  readonly service: CollectionService;
  /** Bytes of one of its files. */
  readonly picture: Uint8Array;
  readonly images: number;
  readonly labels: readonly string[];
  close(): Promise<void>;
}

/** What a service answers is the same wherever its methods run. */
export function collectionServiceContract(title: string, open: () => Promise<ServedPictures>): void {
  describe(`CollectionService: ${title}`, () => {
    let served: ServedPictures;
    beforeAll(async () => {
      served = await open();
    });
    afterAll(() => served?.close());

    const search = (question: SearchQuestion) => served.service.call('search', question);
    const firstId = async () => (await served.service.call('images', { limit: 1 })).images[0]!.id;

    it('says how many images of how many labels there are', async () => {
      expect(await served.service.call('status', {})).toMatchObject({
        images: served.images,
        labels: served.labels.length,
        withoutVector: 0,
      });
    });

    it('gives pages that together are all images, in any order', async () => {
      const whole = await served.service.call('images', { order: '-name', limit: 1000 });
      const names = whole.images.map(({ name }) => name);
      expect(names).toEqual([...names].sort().reverse());
      const pages = [];
      for (let offset = 0; offset < whole.total; offset += 5)
        pages.push(...(await served.service.call('images', { order: '-name', offset, limit: 5 })).images);
      expect(pages).toEqual(whole.images);
      expect(whole.total).toBe(served.images);
    });

    it('counts labels, and each of the counts is what the filter that goes with it finds', async () => {
      const { facets } = await served.service.call('facets', { fields: 'label' });
      expect(facets[0]!.values.map(({ value }) => value).sort()).toEqual([...served.labels].sort());
      for (const { images, filter } of facets[0]!.values)
        expect((await served.service.call('images', { filter })).total).toBe(images);
    });

    it('gives the thumbnail of an image, as bytes', async () => {
      const { bytes, version } = await served.service.call('thumbnail', { id: await firstId() });
      expect(bytes).toBeInstanceOf(Uint8Array);
      expect(Buffer.from(bytes!).subarray(8, 12).toString()).toBe('WEBP');
      expect(version).toMatch(/^[0-9a-f]{16}$/);
    });

    it('draws a preview no wider than it is asked for', async () => {
      const { bytes } = await served.service.call('preview', { id: await firstId(), widthPx: 12 });
      const { default: sharp } = await import('sharp');
      expect(await sharp(bytes).metadata()).toMatchObject({ format: 'webp', width: 12 });
    });

    it('finds what is like an image, by its id and by its bytes', async () => {
      const id = await firstId();
      const byId = await search({ query: { like: [{ id }], k: 3, histogram: true } });
      expect(byId.hits).toHaveLength(3);
      expect(byId.hits.map((hit) => hit.id)).not.toContain(id);
      expect(byId.histogram!.counts.reduce((sum, count) => sum + count, 0)).toBe(served.images - 1);
      const byBytes = await search({
        query: { like: [{ file: 'a' }], k: 1 },
        files: { a: served.picture },
      });
      expect(byBytes.hits[0]!.score).toBeGreaterThan(0.9999);
    });

    it('searches for a part of an image, and without what another looks like', async () => {
      const id = await firstId();
      const crop = { x: 0, y: 0, width: 0.5, height: 0.5 };
      const whole = await search({ query: { like: [{ file: 'a' }], k: 5 }, files: { a: served.picture } });
      const part = await search({
        query: { like: [{ file: 'a', crop }], k: 5 },
        files: { a: served.picture },
      });
      expect(part.hits.map(({ score }) => score)).not.toEqual(whole.hits.map(({ score }) => score));
      const without = await search({
        query: { like: [{ file: 'a' }], unlike: [{ id }], k: 5 },
        files: { a: served.picture },
      });
      expect(without.hits.map((hit) => hit.id)).not.toContain(id);
    });

    it('throws errors that keep their class and their code', async () => {
      await expect(served.service.call('images', { filter: 'label =' })).rejects.toMatchObject({
        name: 'ImagekinError',
        code: 'filter-invalid',
        shown: expect.stringContaining('^'),
      });
      await expect(served.service.call('image', { id: 4_000_000_000 })).rejects.toMatchObject({
        code: 'image-not-found',
      });
      const files = { a: new Uint8Array(100) };
      await expect(search({ query: { like: [{ file: 'a' }] }, files })).rejects.toMatchObject({
        code: 'image-undecodable',
      });
      await expect(search({ query: { like: [{ file: 'b' }] }, files })).rejects.toMatchObject({
        code: 'wrong-usage',
      });
      const outside = { x: 0.6, y: 0, width: 0.5, height: 0.5 };
      await expect(
        search({ query: { like: [{ file: 'a', crop: outside }] }, files: { a: served.picture } }),
      ).rejects.toMatchObject({ code: 'wrong-usage' });
    });

    it('does not answer who has gone already', async () => {
      const signal = AbortSignal.abort(new Error('gone'));
      await expect(served.service.call('images', {}, { signal })).rejects.toThrow('gone');
    });

    it('removes images, which no search finds from then on', async () => {
      const { images } = await served.service.call('images', { order: '-id', limit: 2 });
      const [last, other] = [images[0]!.id, images[1]!.id];
      expect(await served.service.call('removeImages', { ids: [last, last, 4_000_000_000] })).toEqual({
        images: 1,
      });
      const left = await search({ query: { like: [{ id: other }], k: 1000, fold: 'nothing' } });
      expect(left.hits.map((hit) => hit.id)).not.toContain(last);
      expect((await served.service.call('images', {})).total).toBe(served.images - 1);
      await expect(search({ query: { like: [{ id: last }] } })).rejects.toMatchObject({
        code: 'image-not-found',
      });
    });
  });
}
