import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tableFromIPC } from 'apache-arrow';
import { afterEach, describe, expect, it } from 'vitest';
import { clusteredEmbeddings } from '../../../../test/fixtures/clustered-embeddings.js';
import { expectBody } from '../../../../test/fixtures/expect-body.js';
import { labelledCollection } from '../../../../test/fixtures/labelled-collection.js';
import { serverOf, serviceInThread } from '../../../../test/fixtures/service-in-thread.js';
import { CollectionMap, mapPointsType } from '../../../api/index.js';
import { mapCollection } from '../../collection/map-collection.js';
import { deriveMap } from './derive-map.js';

const opened: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
});

/** Three groups of 20 about centres of their own, the last image of no label. */
async function groups() {
  const { embeddings, labels, classNames } = clusteredEmbeddings({ classes: 3, perClass: 20, noise: 0.1 });
  const filled = await labelledCollection(
    embeddings,
    Array.from(labels, (label, i) => (i === 59 ? null : classNames[label]!)),
  );
  const service = serviceInThread(filled.directory);
  opened.push(filled.collection, service);
  return { ...filled, service, server: serverOf(service) };
}

describe('deriveMap', () => {
  it('keeps what the command map says, and points that an Arrow reader reads', async () => {
    const { directory, ids, server } = await groups();
    const seen: string[] = [];
    const figures = await deriveMap({
      collection: directory,
      threads: 1,
      onProgress: ({ task }) => seen.push(task),
    });
    const told = await mapCollection({ collection: directory, threads: 1 });
    expect(figures).toMatchObject({ images: 60, laidOut: 60, clusters: told.clusters.length });
    expect(new Set(seen)).toContain('finding neighbours');

    const response = await server.inject('/api/v1/collections/photos/map');
    const map = expectBody(CollectionMap, response.json());
    expect(map).toMatchObject({ state: 'ready', images: 60, trustworthiness: told.trustworthiness });
    expect(map.clusters).toEqual(told.clusters.map((one) => ({ ...one, medoid: one.medoid.id })));
    expect(map.outliers.map(({ id }) => id)).toEqual(told.outliers.map(({ id }) => id));

    const points = await server.inject('/api/v1/collections/photos/map/points');
    expect(points.headers['content-type']).toBe(mapPointsType);
    const table = tableFromIPC(points.rawPayload);
    expect(table.schema.fields.map(({ name, type }) => `${name} ${type}`)).toEqual([
      'id Uint32',
      'x Float32',
      'y Float32',
      'cluster Uint16',
      'outlierScore Float32',
      'label Dictionary<Int32, Utf8>',
    ]);
    const rows = table.toArray().map((row) => row!.toJSON() as Record<string, unknown>);
    expect(rows.map(({ id }) => id)).toEqual(ids);
    expect(rows.map(({ label }) => label)).toEqual(ids.map((_, i) => (i === 59 ? null : `class ${i % 3}`)));
    for (const { cluster, images } of told.clusters)
      expect(rows.filter((row) => row.cluster === cluster)).toHaveLength(images);
    expect(new Set(rows.map(({ x }) => x)).size).toBeGreaterThan(50);
  });

  it('is missing before, and its points are answered by a problem', async () => {
    const { server } = await groups();
    const map = expectBody(CollectionMap, (await server.inject('/api/v1/collections/photos/map')).json());
    expect(map).toMatchObject({ state: 'missing', computedAt: null, images: 0, clusters: [] });
    expect((await server.inject('/api/v1/collections/photos/map/points')).json().code).toBe('not-computed');
    expect((await server.inject('/api/v1/collections/other/map')).json().code).toBe('collection-missing');
  });

  it('goes stale with what is embedded, and not with labels', async () => {
    const { directory, collection, ids, service } = await groups();
    await deriveMap({ collection: directory, threads: 1 });
    const { images } = collection.catalog;
    collection.catalog.write(() => images.describe(ids[0]!, { label: 'another' }));
    expect((await service.call('map', {})).state).toBe('ready');
    collection.catalog.write(() => images.markMissing([ids[0]!]));
    expect((await service.call('map', {})).state).toBe('stale');
    expect(await deriveMap({ collection: directory, threads: 1 })).toMatchObject({ images: 59 });
    expect((await service.call('map', {})).state).toBe('ready');
    collection.catalog.write(() =>
      collection.vectors.put([ids[1]!], collection.vectors.of(Uint32Array.of(ids[2]!)).vectors),
    );
    expect((await service.call('map', {})).state).toBe('stale');
  });

  it('leaves out outliers that have been removed, and calls the others as they are called now', async () => {
    const { embeddings, labels, classNames } = clusteredEmbeddings({ classes: 2, perClass: 40, noise: 0.05 });
    // Two that are like no other.
    const dimension = embeddings.length / labels.length;
    for (const [image, towards] of [
      [0, 7],
      [1, 6],
    ] as const)
      embeddings
        .fill(0, image * dimension, (image + 1) * dimension)
        .fill(1, image * dimension + towards, image * dimension + towards + 1);
    const { directory, collection, ids } = await labelledCollection(
      embeddings,
      Array.from(labels, (label) => classNames[label]!),
    );
    const service = serviceInThread(directory);
    opened.push(collection, service);
    await deriveMap({ collection: directory, threads: 1 });
    const before = (await service.call('map', {})).outliers;
    expect(
      before
        .slice(0, 2)
        .map(({ id }) => id)
        .sort(),
    ).toEqual([ids[0], ids[1]]);
    collection.catalog.write(() => {
      collection.catalog.images.remove([ids[0]!]);
      collection.catalog.images.describe(ids[1]!, { label: 'odd' });
    });
    const after = await service.call('map', {});
    expect(after.state).toBe('stale');
    expect(after.outliers).toHaveLength(before.length - 1);
    expect(after.outliers[0]).toMatchObject({ id: ids[1], label: 'odd', name: '2.jpg' });
  });

  it('answers 304 to who has the points, until they are others; and keeps no file of the ones before', async () => {
    const { directory, collection, ids, server } = await groups();
    await deriveMap({ collection: directory, threads: 1 });
    const url = '/api/v1/collections/photos/map/points';
    const { etag } = (await server.inject(url)).headers;
    const known = { 'if-none-match': etag as string };
    const same = await server.inject({ url, headers: known });
    expect([same.statusCode, same.body]).toEqual([304, '']);
    collection.catalog.write(() => collection.catalog.images.remove([ids[0]!]));
    await deriveMap({ collection: directory, threads: 1 });
    const other = await server.inject({ url, headers: known });
    expect(other.statusCode).toBe(200);
    expect(tableFromIPC(other.rawPayload).numRows).toBe(59);
    expect(
      (await readdir(join(directory, 'derived'))).map((name) => name.replace(/-\w+/, '-…')).sort(),
    ).toEqual(['map-….arrow', 'map.json']);
  });

  it('may lose its files at any time, and takes none that is not whole', async () => {
    const { directory, service } = await groups();
    await deriveMap({ collection: directory, threads: 1 });
    const folder = join(directory, 'derived');
    for (const name of await readdir(folder)) if (name.endsWith('.arrow')) await rm(join(folder, name));
    await expect(service.call('mapPoints', {})).rejects.toMatchObject({ code: 'not-computed' });
    await writeFile(join(folder, 'map.json'), '{"format":1,"or');
    expect((await service.call('map', {})).state).toBe('missing');
    await rm(folder, { recursive: true });
    expect((await service.call('map', {})).state).toBe('missing');
  });

  it('does nothing to a collection of none, and stops when it is told', async () => {
    const { directory, collection } = await labelledCollection(new Float32Array(0), []);
    opened.push(collection);
    await expect(deriveMap({ collection: directory })).rejects.toMatchObject({ code: 'empty-source' });
    const { directory: full } = await groups();
    const signal = AbortSignal.abort();
    await expect(deriveMap({ collection: full, threads: 1, signal })).rejects.toBe(signal.reason);
    await expect(readdir(join(full, 'derived'))).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
