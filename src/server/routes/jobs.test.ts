import { mkdir, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { get, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, relative } from 'node:path';
import sharp from 'sharp';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { imagesOf } from '../../../test/fixtures/look-into-collection.js';
import { pictureFolder } from '../../../test/fixtures/picture-folder.js';
import { serviceInThread } from '../../../test/fixtures/service-in-thread.js';
import { temporaryDirectory } from '../../../test/fixtures/temporary-directory.js';
import { tinyModel } from '../../../test/fixtures/tiny-model.js';
import type { DuplicatesPage, ImagesPage, Job, JobFailures, JobList, TrashList } from '../../api/index.js';
import { addImages } from '../../app/collection/add/add-images.js';
import { openJobs } from '../../app/service/jobs/open-jobs.js';
import { createServer } from '../create-server.js';
import type { ServerOptions } from '../settings.js';

let root = '';
let kin = '';

/** A collection of a folder with two pictures and a copy of one. */
beforeEach(async () => {
  root = await temporaryDirectory();
  kin = join(root, 'photos.kin');
  await pictureFolder({ amber: 2 }, root);
  await writeFile(join(root, 'model.onnx'), tinyModel());
  await writeFile(
    join(root, 'pictures', 'copy.png'),
    await readFile(join(root, 'pictures', 'amber', '0.png')),
  );
  await addImages({
    collection: kin,
    sources: [join(root, 'pictures')],
    model: join(root, 'model.onnx'),
    threads: 1,
  });
});

async function served(options: ServerOptions = {}) {
  // As somebody writes it who is in the folder above.
  const directory = relative('.', kin);
  const jobs = await openJobs(new Map([['photos', { name: 'photos', directory }]]), { threads: 1 });
  const service = serviceInThread(directory);
  const server = createServer(
    { collections: new Map([['photos', service]]), jobs },
    { page: null, ...options },
  );
  await server.listen({ port: 0, host: '127.0.0.1' });
  let isOpen = true;
  const close = async () => {
    if (!isOpen) return;
    isOpen = false;
    await server.close();
    await jobs.close();
    await service.close();
  };
  onTestFinished(close);
  const images = (filter?: string) => service.call('images', { filter });
  return new Client((server.server.address() as AddressInfo).port, images, close);
}

class Client {
  constructor(
    readonly port: number,
    readonly images: (filter?: string) => Promise<ImagesPage>,
    readonly close: () => Promise<void>,
  ) {}

  async ask<Body>(method: string, path: string, body?: unknown, status = 200): Promise<Body> {
    const response = await this.send(method, path, body);
    const text = await response.text();
    expect(response.status, text).toBe(status);
    return (text === '' ? undefined : JSON.parse(text)) as Body;
  }

  send(method: string, path: string, body?: unknown): Promise<Response> {
    const isForm = body instanceof FormData;
    return fetch(this.url(path), {
      method,
      ...(body !== undefined && { body: isForm ? body : JSON.stringify(body) }),
      ...(body !== undefined && !isForm && { headers: { 'content-type': 'application/json' } }),
    });
  }

  url(path: string): string {
    return `http://127.0.0.1:${this.port}/api/v1${path}`;
  }

  async job(request: object): Promise<Job> {
    return this.ended(await this.ask<Job>('POST', '/collections/photos/jobs', request, 202));
  }

  async ended({ id }: Job): Promise<Job> {
    let job: Job | undefined;
    await vi.waitFor(
      async () => {
        job = await this.ask<Job>('GET', `/jobs/${id}`);
        expect(['queued', 'running']).not.toContain(job.state);
      },
      { timeout: 20_000, interval: 20 },
    );
    return job!;
  }

  /** Listens until the answer ends, or for as long as it is told to. */
  listen(path: string, headers: Record<string, string> = {}) {
    let text = '';
    let status: number | undefined;
    let isOver = false;
    const asked = get(this.url(path), { headers }, (response) => {
      status = response.statusCode;
      expect(status === 204 ? undefined : response.headers['content-type']).toBe(
        status === 204 ? undefined : 'text/event-stream; charset=utf-8',
      );
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('error', () => {});
      response.on('close', () => {
        isOver = true;
      });
    });
    asked.on('error', () => {});
    return {
      get jobs(): Job[] {
        return text
          .split('\n\n')
          .filter((event) => event.startsWith('event: job\n'))
          .map((event) => JSON.parse(event.split('\ndata: ')[1]!) as Job);
      },
      status: () => status,
      over: () => vi.waitFor(() => expect(isOver).toBe(true), { timeout: 20_000, interval: 10 }),
      leave: () => asked.destroy(),
    };
  }
}

const picture = (background: string) =>
  sharp({ create: { width: 24, height: 24, channels: 3, background } })
    .png()
    .toBuffer();

function form(files: Readonly<Record<string, Uint8Array>>, label?: string): FormData {
  const data = new FormData();
  for (const [name, bytes] of Object.entries(files))
    data.append('files', new Blob([new Uint8Array(bytes)]), name);
  if (label !== undefined) data.append('label', label);
  return data;
}

describe('POST /collections/{collection}/images', () => {
  it('takes in images, lists what is none, and tells how far it is', async () => {
    const client = await served();
    const cut = (await picture('green')).subarray(0, 70);
    const files = {
      'red.png': await picture('red'),
      '../../outside.png': await picture('blue'),
      'notes.txt': Buffer.from('no picture'),
      'cut.png': cut,
    };
    const response = await client.send('POST', '/collections/photos/images', form(files, 'sent'));
    expect(response.status).toBe(202);
    const job = (await response.json()) as Job;
    expect(response.headers.get('location')).toBe(`/api/v1/jobs/${job.id}`);
    const heard = client.listen(`/jobs/${job.id}/events`);
    // It ends when the job does.
    await heard.over();
    const done = heard.jobs.at(-1)!;
    expect(done).toMatchObject({
      kind: 'upload',
      state: 'done',
      failures: 2,
      result: { added: 2, failed: 1 },
    });
    expect(heard.jobs.some(({ progress }) => progress?.task === 'adding')).toBe(true);
    const { failures } = await client.ask<JobFailures>('GET', `/jobs/${job.id}/failures`);
    expect(failures.map(({ path, reason }) => [path.split('/').at(-1), reason])).toEqual([
      ['notes.txt', expect.stringMatching(/no image/)],
      ['cut.png', expect.any(String)],
    ]);
    const page = await client.images('label = sent');
    expect(page.images.map(({ name }) => name).sort()).toEqual(['outside.png', 'red.png']);
    expect((await readdir(join(kin, 'uploads'))).sort()).toEqual(['cut.png', 'outside.png', 'red.png']);
    expect((done.result as { ids: number[] }).ids).toEqual(page.images.map(({ id }) => id).sort());

    // A browser that comes back to what it has heard to the end is told to stay away.
    const again = client.listen(`/jobs/${job.id}/events`, { 'last-event-id': `${job.id}/done` });
    await again.over();
    expect(again.status()).toBe(204);

    // What could not be used is tried again, and may be sound now.
    await writeFile(join(kin, 'uploads', 'cut.png'), await picture('green'));
    const retried = await client.ended(
      await client.ask<Job>('POST', `/jobs/${job.id}/retry`, undefined, 202),
    );
    expect(retried).toMatchObject({ state: 'done', failures: 0, retryOf: job.id });
    expect(retried.result).toMatchObject({ added: 1, unchanged: 2 });
    const later = await client.images('label = sent');
    expect(later.total).toBe(3);
  });

  it('keeps the label through a look at all sources, and what was removed from a later upload', async () => {
    const client = await served();
    const send = async (name: string, colour: string, label?: string) => {
      const body = form({ [name]: await picture(colour) }, label);
      return client.ended(await client.ask<Job>('POST', '/collections/photos/images', body, 202));
    };
    const first = await send('a.png', 'red', 'cat');
    const added = await client.job({ kind: 'add', prune: true });
    expect(added).toMatchObject({ state: 'done', result: { unchanged: 4, missing: 0, pruned: 0 } });
    const cats = () => client.images('label = cat');
    expect((await cats()).total).toBe(1);
    // The same bytes again are the same image, with the label that was said last.
    const second = await send('a.png', 'red', 'dog');
    expect(second.result).toMatchObject({ unchanged: 1, ids: (first.result as { ids: number[] }).ids });
    expect((await cats()).total).toBe(0);
    // A collection that was put elsewhere has what was sent to it there.
    await client.close();
    const before = imagesOf(kin, root);
    const elsewhere = join(root, 'elsewhere.kin');
    await rename(kin, elsewhere);
    kin = elsewhere;
    const again = await (await served()).job({ kind: 'add' });
    expect(again).toMatchObject({ state: 'done', result: { moved: 1, added: 0 }, failures: 1 });
    const after = imagesOf(kin, root).get('elsewhere.kin/uploads/a.png');
    expect(after).toMatchObject({ id: before.get('photos.kin/uploads/a.png')!.id, label: 'dog' });
  });

  it('refuses what is no upload, and leaves nothing of it', async () => {
    const client = await served({ limits: { files: 2, fileBytes: 5000 } });
    const post = (body: unknown, status: number) =>
      client.ask<{ code: string }>('POST', '/collections/photos/images', body, status);
    expect((await post(form({}, 'cat'), 400)).code).toBe('request-invalid');
    await post({ files: [] }, 415);
    const field = form({ 'a.png': await picture('red') });
    field.append('colour', 'red');
    await post(field, 400);
    await post(form({ 'a.png': await picture('red') }, 'x'.repeat(501)), 400);
    const red = await picture('red');
    await post(form({ '1.png': red, '2.png': red, '3.png': red }), 413);
    await client.ask('POST', '/collections/none/images', form({ 'a.png': red }), 404);
    expect(await readdir(join(kin, 'uploads')).catch(() => [])).toEqual([]);
    expect((await client.ask<JobList>('GET', '/jobs')).jobs).toEqual([]);
    // A file that is too long is left out, and the others are taken.
    const long = Buffer.concat([red, Buffer.alloc(6000)]);
    const job = await client.ended(
      (await post(form({ 'long.png': long, 'a.png': red }), 202)) as unknown as Job,
    );
    expect(job).toMatchObject({ state: 'done', failures: 1, result: { added: 1 } });
    expect(await readdir(join(kin, 'uploads'))).toEqual(['a.png']);
  });
});

describe('an upload that is cut off', () => {
  it('leaves nothing, and starts no job', async () => {
    const client = await served();
    const boundary = 'xyz';
    const upload = request(client.url('/collections/photos/images'), {
      method: 'POST',
      headers: { 'content-type': `multipart/form-data; boundary=${boundary}`, 'content-length': 100_000 },
    });
    upload.on('error', () => {});
    upload.write(`--${boundary}\r\ncontent-disposition: form-data; name="files"; filename="a.png"\r\n\r\n`);
    upload.write(await picture('red'));
    const uploads = () => readdir(join(kin, 'uploads')).catch(() => []);
    await vi.waitFor(async () => expect(await uploads()).toHaveLength(1));
    upload.destroy();
    await vi.waitFor(async () => expect(await uploads()).toEqual([]));
    expect((await client.ask<JobList>('GET', '/jobs')).jobs).toEqual([]);
  });
});

describe('jobs', () => {
  it('measures and maps what was added', async () => {
    const client = await served();
    await pictureFolder({ amber: 8, blue: 8, clay: 8 }, root);
    expect(await client.job({ kind: 'add' })).toMatchObject({ state: 'done', result: { images: 25 } });
    const measured = await client.job({ kind: 'evaluate' });
    expect(measured).toMatchObject({ state: 'done', result: { images: 24, queries: 24 } });
    const mapped = await client.job({ kind: 'map' });
    expect(mapped).toMatchObject({ state: 'done', result: { images: 25 }, problem: null });
  });

  it('finds copies, moves what is trash away, and puts it back', async () => {
    const client = await served();
    const page = () => client.ask<DuplicatesPage>('GET', '/collections/photos/duplicates');
    expect(await page()).toMatchObject({ state: 'missing', total: 0 });
    // Nothing is decided yet.
    const refused = await client.job({ kind: 'trash' });
    expect(refused).toMatchObject({ state: 'failed', problem: { code: 'wrong-usage' } });
    expect(await client.job({ kind: 'duplicates' })).toMatchObject({
      state: 'done',
      result: { groups: 1, copies: 1 },
    });
    const [group] = (await page()).groups;
    expect(group).toMatchObject({ kind: 'exact', images: [{ role: 'keep' }, { role: 'exact' }] });
    const { id, path } = group!.images[1]!;
    const decisions = '/collections/photos/duplicates/decisions';
    await client.ask('PUT', decisions, { decisions: [{ id, decision: 'trash' }] });
    expect(await page()).toMatchObject({ toTrash: 1 });
    const moved = await client.job({ kind: 'trash' });
    expect(moved).toMatchObject({ state: 'done', failures: 0, result: { files: 1 } });
    await expect(stat(path)).rejects.toThrow('ENOENT');
    const total = async () => (await client.images()).total;
    expect(await total()).toBe(2);
    const { batches, folder } = await client.ask<TrashList>('GET', '/collections/photos/trash');
    expect(folder).toBe(`${kin}.trash`);
    expect(batches).toMatchObject([{ batch: moved.result?.batch, files: 1 }]);
    const restored = await client.job({ kind: 'restore', batch: batches[0]!.batch });
    expect(restored).toMatchObject({ state: 'done', result: { putBack: 1, foundAgain: 1 } });
    expect((await stat(path)).isFile()).toBe(true);
    expect(await total()).toBe(3);
    expect((await client.ask<TrashList>('GET', '/collections/photos/trash')).batches).toEqual([]);
    const unknown = await client.job({ kind: 'restore', batch: '../../undo.jsonl' });
    expect(unknown).toMatchObject({ state: 'failed', problem: { code: 'file-not-found' } });
  });

  it('lists jobs, and says of ids and states what is wrong with them', async () => {
    const client = await served();
    const job = await client.job({ kind: 'reindex', index: 'exact' });
    expect(job).toMatchObject({ state: 'done', result: { kind: 'exact', vectors: 3 } });
    expect((await client.ask<JobList>('GET', '/jobs?collection=photos')).jobs).toHaveLength(1);
    expect((await client.ask<JobList>('GET', '/jobs?collection=other')).jobs).toHaveLength(0);
    for (const [method, path] of [
      ['GET', '/jobs/none'],
      ['GET', '/jobs/none/failures'],
      ['GET', '/jobs/none/events'],
      ['POST', '/jobs/none/cancel'],
      ['POST', '/jobs/none/retry'],
    ] as const)
      expect(await client.ask(method, path, undefined, 404)).toMatchObject({ status: 404 });
    expect(await client.ask('POST', `/jobs/${job.id}/cancel`, undefined, 400)).toMatchObject({
      code: 'wrong-usage',
    });
    await client.ask('POST', '/collections/photos/jobs', { kind: 'nothing' }, 400);
    await client.ask('POST', '/collections/photos/jobs', { kind: 'upload' }, 400);
    const wrong = await client.job({ kind: 'reindex', quantization: 'int1' });
    expect(wrong).toMatchObject({ state: 'failed', problem: { code: 'wrong-usage' } });
  });

  it('tells whoever listens of all jobs, from how they are on; and many may listen, leave and be left', async () => {
    const client = await served();
    const before = await client.job({ kind: 'duplicates' });
    const ears = Array.from({ length: 20 }, () => client.listen('/jobs/events'));
    const other = client.listen('/jobs/events?collection=other');
    await vi.waitFor(() => expect(ears.every(({ jobs }) => jobs.length === 1)).toBe(true));
    expect(ears[0]!.jobs[0]).toEqual(before);
    const [leaver, ...rest] = ears;
    leaver!.leave();
    const job = await client.job({ kind: 'reindex' });
    await vi.waitFor(() => {
      for (const { jobs } of rest) expect(jobs.at(-1)).toMatchObject({ id: job.id, state: 'done' });
    });
    expect(rest[0]!.jobs.filter(({ id }) => id === job.id).map(({ state }) => state)).toEqual(
      expect.arrayContaining(['running', 'done']),
    );
    expect(leaver!.jobs).toHaveLength(1);
    expect(other.jobs).toEqual([]);
    const startedMs = performance.now();
    await client.close();
    for (const ear of rest) await ear.over();
    expect(performance.now() - startedMs).toBeLessThan(3000);
  });

  it('has what a job came to when the server is started again', async () => {
    const client = await served();
    await mkdir(join(root, 'pictures', 'more'));
    await writeFile(join(root, 'pictures', 'more', 'cut.png'), (await picture('red')).subarray(0, 60));
    const job = await client.job({ kind: 'add' });
    expect(job).toMatchObject({ state: 'done', failures: 1 });
    await client.close();
    const again = await served();
    expect(await again.ask('GET', `/jobs/${job.id}`)).toEqual(job);
    expect(await again.ask('GET', `/jobs/${job.id}/failures?limit=1`)).toMatchObject({
      total: 1,
      failures: [{ path: join(root, 'pictures', 'more', 'cut.png') }],
    });
  });
});
