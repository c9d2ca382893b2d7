import { mkdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeZip } from '../../../test/fixtures/make-zip.js';
import { picturesCollection } from '../../../test/fixtures/served-pictures.js';
import { addImages } from '../../app/collection/add/add-images.js';
import type { CollectionService } from '../../app/service/collection-service.js';
import { openCollectionService } from '../../app/service/open-collection-service.js';
import type { ApiServer } from '../api-server.js';
import { createServer } from '../create-server.js';
import { noJobs } from '../no-jobs.js';

let made: Awaited<ReturnType<typeof picturesCollection>>;
let service: CollectionService;
let server: ApiServer;
let base: string;

beforeAll(async () => {
  made = await picturesCollection();
  const archive = join(made.root, 'more.zip');
  const picture = await readFile(join(made.pictures, 'clay', '0.png'));
  await writeFile(archive, await makeZip([{ name: 'dim/in archive.png', bytes: await darker(picture) }]));
  await addImages({ collection: made.directory, sources: [archive] });
  service = await openCollectionService('pictures', made.directory);
  server = createServer({ collections: new Map([['pictures', service]]), jobs: noJobs }, { page: null });
  base = `${await server.listen({ port: 0, host: '127.0.0.1' })}/api/v1/collections/pictures`;
});
afterAll(async () => {
  await server?.close();
  await service?.close();
  await made?.remove();
});

const darker = (picture: Buffer) => sharp(picture).linear(0.5).png().toBuffer();

async function ask(path: string, init: RequestInit = {}) {
  const answer = await fetch(base + path, init);
  const bytes = Buffer.from(await answer.arrayBuffer());
  const header = (name: string) => answer.headers.get(name);
  return { status: answer.status, header, bytes, json: () => JSON.parse(bytes.toString()) };
}

const sent = (method: string, body: unknown): RequestInit => ({
  method,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

async function imageNamed(pattern: string): Promise<{ id: number; version: string; path: string }> {
  const { images } = (await ask(`/images?filter=${encodeURIComponent(`name ~ "${pattern}"`)}`)).json();
  return (await ask(`/images/${images[0].id}`)).json();
}

describe('routes of images', () => {
  it('tell all of some images at once, in the order that was asked for', async () => {
    const { images } = (await ask('/images?limit=3')).json();
    const ids = images.map(({ id }: { id: number }) => id).reverse();
    const answer = await ask('/images/details', sent('POST', { ids: [...ids, 4_000_000_000] }));
    const each = await Promise.all(ids.map(async (id: number) => (await ask(`/images/${id}`)).json()));
    expect(answer.json()).toEqual({ images: each });
    expect((await ask('/images/details', sent('POST', { ids: [] }))).status).toBe(400);
  });

  it('list, and say where a filter is wrong', async () => {
    const page = (await ask('/images?filter=label%20%3D%20blue&order=-name&limit=2')).json();
    expect(page).toMatchObject({ total: 6, offset: 0, images: [{ label: 'blue' }, { label: 'blue' }] });
    const wrong = await ask('/images?filter=label%20%3D');
    expect(wrong.status).toBe(400);
    expect(wrong.header('content-type')).toContain('application/problem+json');
    expect(wrong.json()).toMatchObject({ code: 'filter-invalid', status: 400 });
    expect((await ask('/images?limit=0')).status).toBe(400);
    expect((await ask('/images/0')).status).toBe(400);
    expect((await ask('/images/4000000000')).status).toBe(404);
  });

  it('refuse metadata that is nested deeper, or is longer, than threads and the database take', async () => {
    const { id } = await imageNamed('amber/0.png');
    // As text: to write what is as deep takes more than there is of the stack.
    const deep = (levels: number) => `${'['.repeat(levels)}1${']'.repeat(levels)}`;
    const edit = (levels: number) =>
      ask(`/images/${id}`, { ...sent('PATCH', {}), body: `{"metadata":{"a":${deep(levels)}}}` });
    expect((await edit(150)).status).toBe(200);
    const long = await ask('/images', sent('PATCH', { ids: [id], metadata: { a: 'x'.repeat(70_000) } }));
    expect([long.status, long.json().code]).toEqual([400, 'wrong-usage']);
    const search = `{"like":[{"id":${id}}],"where":{"a":${deep(20_000)}}}`;
    const form = new FormData();
    form.set('query', search);
    for (const refused of [
      await edit(5000),
      await ask('/search', { ...sent('POST', {}), body: search }),
      await ask('/search', { method: 'POST', body: form }),
    ]) {
      expect(refused.status).toBe(400);
      expect(refused.json().detail).toContain('levels');
    }
  });

  it('count labels as they are after an edit', async () => {
    const { id } = await imageNamed('amber/0.png');
    const labels = async () => (await ask('')).json().labels;
    const before = await labels();
    await ask(`/images/${id}`, sent('PATCH', { label: 'another' }));
    expect(await labels()).toBe(before + 1);
    await ask(`/images/${id}`, sent('PATCH', { label: 'amber' }));
    expect(await labels()).toBe(before);
  });

  it('take no longer query with files than without', async () => {
    const form = new FormData();
    form.set('query', new Blob([' '.repeat(3 * 2 ** 20), '{"like":[{"id":1}]}']), 'query.json');
    const refused = await ask('/search', { method: 'POST', body: form });
    expect([refused.status, refused.json().code]).toEqual([413, 'too-large']);
  });

  it('give thumbnails that are kept for good where they are asked for by version', async () => {
    const { id, version } = await imageNamed('amber/0.png');
    const by = await ask(`/images/${id}/thumbnail?v=${version}`);
    expect([by.status, by.header('content-type')]).toEqual([200, 'image/webp']);
    expect(by.header('cache-control')).toBe('private, max-age=31536000, immutable');
    const without = await ask(`/images/${id}/thumbnail?v=old`);
    expect(without.header('cache-control')).toBe('private, no-cache');
    const again = await ask(`/images/${id}/thumbnail`, {
      headers: { 'if-none-match': by.header('etag')! },
    });
    expect([again.status, again.bytes.length]).toEqual([304, 0]);
  });

  it('make a thumbnail where none is kept', async () => {
    const { id } = await imageNamed('amber/1.png');
    const { Collection } = await import('../../collection/collection.js');
    const collection = Collection.open(made.directory);
    collection.catalog.write(() => collection.catalog.previews.put(id, { thumbnail: null, print: null }));
    collection.close();
    const { status, bytes } = await ask(`/images/${id}/thumbnail`);
    expect(status).toBe(200);
    expect(await sharp(bytes).metadata()).toMatchObject({ format: 'webp', width: 24, height: 24 });
  });

  it('give the bytes of a file, all or some of them', async () => {
    const { id, path } = await imageNamed('amber/0.png');
    const file = await readFile(path);
    const whole = await ask(`/images/${id}/original`);
    expect([whole.status, whole.header('content-type'), whole.header('accept-ranges')]).toEqual([
      200,
      'image/png',
      'bytes',
    ]);
    expect(whole.header('content-disposition')).toBe(`inline; filename="0.png"; filename*=UTF-8''0.png`);
    expect(whole.header('x-content-type-options')).toBe('nosniff');
    expect(whole.bytes.equals(file)).toBe(true);
    const part = (range: string, more: Record<string, string> = {}) =>
      ask(`/images/${id}/original`, { headers: { range, ...more } });
    const some = await part('bytes=2-5');
    expect([some.status, some.header('content-range')]).toEqual([206, `bytes 2-5/${file.length}`]);
    expect(some.bytes.equals(file.subarray(2, 6))).toBe(true);
    const last = await part('bytes=-4', { 'if-range': whole.header('etag')! });
    expect(last.bytes.equals(file.subarray(-4))).toBe(true);
    expect((await part('bytes=2-5', { 'if-range': '"another"' })).status).toBe(200);
    const none = await part(`bytes=${file.length}-`);
    expect([none.status, none.header('content-range')]).toEqual([416, `bytes */${file.length}`]);
    const head = await ask(`/images/${id}/original`, { method: 'HEAD' });
    expect([head.status, head.header('content-length')]).toEqual([200, String(file.length)]);
    const known = await ask(`/images/${id}/original`, {
      headers: { 'if-none-match': whole.header('etag')! },
    });
    expect(known.status).toBe(304);
  });

  it('give what lies in an archive', async () => {
    const { id } = await imageNamed('*in archive.png');
    const original = await ask(`/images/${id}/original`, { headers: { range: 'bytes=1-3' } });
    expect([original.status, original.bytes.toString()]).toEqual([206, 'PNG']);
    expect(original.header('content-disposition')).toContain('filename="in archive.png"');
    const preview = await ask(`/images/${id}/preview?width=10`);
    expect(await sharp(preview.bytes).metadata()).toMatchObject({ format: 'webp', width: 10 });
    expect((await ask(`/images/${id}/preview?width=3000`)).status).toBe(400);
  });

  it('never give what a link leads to outside of the sources, nor draw or tell of it', async () => {
    const { id, path } = await imageNamed('blue/0.png');
    await mkdir(join(made.root, 'elsewhere'));
    const elsewhere = join(made.root, 'elsewhere', '0.png');
    await rename(path, elsewhere);
    await symlink(elsewhere, path);
    try {
      for (const what of ['original', 'preview']) {
        const refused = await ask(`/images/${id}/${what}`);
        expect([refused.status, refused.json().code]).toEqual([404, 'image-not-found']);
        expect(refused.bytes.toString()).not.toContain('elsewhere');
      }
      expect((await ask(`/images/${id}`)).json()).toMatchObject({ hasOriginal: false });
    } finally {
      await rm(path);
      await rename(elsewhere, path);
    }
    expect((await ask(`/images/${id}/original`)).status).toBe(200);
  });

  it('set labels, of one and of some', async () => {
    const { id } = await imageNamed('amber/2.png');
    const one = await ask(`/images/${id}`, sent('PATCH', { label: 'gold' }));
    expect(one.json()).toMatchObject({ id, label: 'gold', edited: true });
    const some = await ask('/images', sent('PATCH', { ids: [id, 4_000_000_000], label: 'amber' }));
    expect(some.json()).toEqual({ images: 1 });
    expect((await ask('/images/4000000000', sent('PATCH', { label: 'x' }))).status).toBe(404);
    expect((await ask(`/images/${id}`, sent('PATCH', {}))).status).toBe(400);
  });

  it('search by what is sent, and by ids', async () => {
    const { id, path } = await imageNamed('clay/3.png');
    const form = new FormData();
    form.set('query', JSON.stringify({ like: [{ file: 'one' }], k: 2, histogram: true }));
    form.set('one', new Blob([await readFile(path)]), '../../../etc/passwd');
    const found = (await ask('/search', { method: 'POST', body: form })).json();
    expect(found.hits[0]).toMatchObject({ id, rank: 1, label: 'clay' });
    expect(found.histogram.counts).toHaveLength(40);
    const both = await ask('/search', sent('POST', { like: [{ id }], unlike: [{ id: 1 }], k: 3 }));
    expect(both.json().hits.map((hit: { id: number }) => hit.id)).not.toContain(id);
  });

  it('refuse searches that are not as they should be', async () => {
    const statusOf = async (body: FormData | object) =>
      (await ask('/search', body instanceof FormData ? { method: 'POST', body } : sent('POST', body))).status;
    const form = (parts: Record<string, string | Blob>) => {
      const made = new FormData();
      for (const [name, part] of Object.entries(parts)) made.append(name, part);
      return made;
    };
    const query = JSON.stringify({ like: [{ file: 'a' }] });
    expect(await statusOf({ like: [] })).toBe(400);
    expect(await statusOf({ like: [{ id: 1 }], k: 5000 })).toBe(400);
    expect(await statusOf({ like: [{ file: 'a' }] })).toBe(400);
    expect(await statusOf({ like: [{ id: 1 }], minProbability: 0.5 })).toBe(400);
    expect(await statusOf({ like: [{ id: 4_000_000_000 }] })).toBe(404);
    expect(await statusOf(form({ a: new Blob(['x']) }))).toBe(400);
    expect(await statusOf(form({ query: '{', a: new Blob(['x']) }))).toBe(400);
    expect(await statusOf(form({ query: '{"like":[{"file":"a","x":1}]}', a: new Blob(['x']) }))).toBe(400);
    expect(await statusOf(form({ query, a: 'no file' }))).toBe(400);
    expect(await statusOf(form({ query, a: new Blob(['no picture']) }))).toBe(422);
  });

  it('remove, and with it the file only of what was sent to the collection', async () => {
    const { id, path } = await imageNamed('clay/4.png');
    expect((await ask(`/images/${id}`, { method: 'DELETE' })).status).toBe(204);
    expect((await ask(`/images/${id}`, { method: 'DELETE' })).status).toBe(404);
    expect((await readFile(path)).length).toBeGreaterThan(0);
    const uploads = join(made.directory, 'uploads');
    await mkdir(uploads);
    await writeFile(join(uploads, 'sent.png'), await darker(await readFile(path)));
    await addImages({ collection: made.directory, sources: [uploads] });
    const upload = await imageNamed('sent.png');
    const removed = await ask('/images/remove', sent('POST', { ids: [upload.id, id] }));
    expect(removed.json()).toEqual({ images: 1 });
    await expect(readFile(join(uploads, 'sent.png'))).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
