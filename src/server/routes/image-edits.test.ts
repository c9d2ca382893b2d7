import { describe, expect, it, onTestFinished } from 'vitest';
import { expectBody } from '../../../test/fixtures/expect-body.js';
import { labelledCollection } from '../../../test/fixtures/labelled-collection.js';
import { serverOf, serviceInThread } from '../../../test/fixtures/service-in-thread.js';
import { ImageDetails, ImagesChanged } from '../../api/index.js';

async function served() {
  const { directory, collection, ids } = await labelledCollection(Float32Array.from([1, 0, 0, 1, 1, 0]), [
    'a',
    'b',
    null,
  ]);
  const service = serviceInThread(directory);
  onTestFinished(async () => {
    await service.close();
    collection.close();
  });
  const server = serverOf(service);
  const patch = async (path: string, payload: object) => {
    const response = await server.inject({
      method: 'PATCH',
      url: `/api/v1/collections/photos${path}`,
      payload,
    });
    return { status: response.statusCode, body: response.json() };
  };
  const details = async (id: number) =>
    expectBody(ImageDetails, (await server.inject(`/api/v1/collections/photos/images/${id}`)).json());
  return { ids, catalog: collection.catalog, patch, details };
}

describe('the routes that edit', () => {
  it('set what they are given of the images that there are, and say how many', async () => {
    const { ids, catalog, patch } = await served();
    const before = catalog.change();
    const { status, body } = await patch('/images', {
      ids: [...ids, 77],
      label: 'z',
      metadata: { stars: 5 },
    });
    expect([status, expectBody(ImagesChanged, body)]).toEqual([200, { images: 3 }]);
    expect(catalog.change()).toBe(before + 1);
    expect(catalog.images.byId(ids).map(({ label, metadata }) => [label, metadata])).toEqual(
      ids.map(() => ['z', { stars: 5 }]),
    );
    expect(catalog.edits.has(ids[0]!)).toBe(true);
  });

  it('answer with the image as it is then, and take away what is null or empty', async () => {
    const { ids, patch } = await served();
    const first = await patch(`/images/${ids[0]}`, { label: 'z', split: 'test', metadata: { a: 1, b: [2] } });
    expect(first.status).toBe(200);
    expect(expectBody(ImageDetails, first.body)).toMatchObject({
      id: ids[0],
      label: 'z',
      split: 'test',
      metadata: { a: 1, b: [2] },
      edited: true,
    });
    const second = await patch(`/images/${ids[0]}`, { label: null, split: '', metadata: { a: null } });
    expect(second.body).toMatchObject({ label: null, split: null, metadata: { b: [2] }, edited: true });
  });

  it('refuse an image that there is not, and what the API does not describe', async () => {
    const { ids, catalog, patch } = await served();
    const before = catalog.images.byId(ids);
    expect(await patch('/images/77', { label: 'z' })).toMatchObject({
      status: 404,
      body: { code: 'image-not-found' },
    });
    for (const wrong of [{}, { label: 5 }, { lable: 'z' }, { label: 'z'.repeat(501) }, { metadata: 'x' }])
      expect(await patch(`/images/${ids[0]}`, wrong)).toMatchObject({
        status: 400,
        body: { code: 'request-invalid' },
      });
    for (const wrong of [{ ids }, { ids: [], label: 'z' }, { ids: ['1'], label: 'z' }, { label: 'z' }])
      expect((await patch('/images', wrong)).status).toBe(400);
    expect(catalog.images.byId(ids)).toEqual(before);
  });
});
