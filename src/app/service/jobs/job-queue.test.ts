import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { temporaryDirectory } from '../../../../test/fixtures/temporary-directory.js';
import type { Job } from '../../../api/index.js';
import { ImagekinError } from '../../../core/errors.js';
import type { JobKindRule, JobOutcome, JobWork, StoredRequest } from './job-kind.js';
import { jobProblem } from './job-problem.js';
import { JobQueue } from './job-queue.js';
import { JobStore } from './job-store.js';

/** Work that goes on until the test ends it. */
interface Begun {
  readonly collection: string;
  readonly work: JobWork<StoredRequest>;
  readonly end: (outcome?: Partial<JobOutcome>) => void;
  readonly fail: (error: unknown) => void;
}

class Workplace {
  readonly begun: Begun[] = [];
  #isOver = false;
  constructor(
    readonly root: string,
    readonly names: readonly string[],
  ) {}

  /** Jobs as they are when a server starts. */
  async open(heavyAtOnce = 1, isElsewhere: () => boolean = () => false): Promise<JobQueue> {
    const stores = new Map(
      this.names.map((name) => {
        const directory = join(this.root, name);
        return [name, { directory, store: new JobStore(directory) }];
      }),
    );
    const queue = new JobQueue(stores, {
      heavyAtOnce,
      problemOf: jobProblem,
      onError: (error) => {
        throw error;
      },
      isElsewhere,
      claimIntervalMs: 20,
      ruleOf: (request) => this.#rule(request),
    });
    for (const [name, { store }] of stores)
      for (const record of await store.load()) await queue.takeUp(name, record);
    queue.begin();
    onTestFinished(async () => {
      this.#isOver = true;
      for (const { end } of this.begun) end({ finished: false });
      await queue.close();
    });
    return queue;
  }

  /** The one that began after so many others. */
  async nth(index: number): Promise<Begun> {
    await vi.waitFor(() => expect(this.begun.length).toBeGreaterThan(index), { interval: 2 });
    return this.begun[index]!;
  }

  #rule({ kind }: StoredRequest): JobKindRule<StoredRequest> {
    return {
      isHeavy: kind !== 'trash',
      run: (work) =>
        new Promise<JobOutcome>((resolve, reject) => {
          const collection = work.directory.slice(this.root.length + 1);
          const end = (outcome: Partial<JobOutcome> = {}) =>
            resolve({ finished: true, result: {}, failures: [], ...outcome });
          this.begun.push({ collection, work, end, fail: reject });
          if (this.#isOver) end();
        }),
      again: (request) => ({ ...request, retryFailed: true }) as StoredRequest,
    };
  }
}

async function workplace(...names: string[]): Promise<Workplace> {
  const place = new Workplace(await temporaryDirectory(), names.length > 0 ? names : ['a']);
  for (const name of place.names) await mkdir(join(place.root, name));
  return place;
}

async function becomes(queue: JobQueue, { id }: Job, state: Job['state']): Promise<Job> {
  await vi.waitFor(() => expect(queue.get(id)?.state).toBe(state), { interval: 2 });
  return queue.get(id)!;
}

describe('JobQueue', () => {
  it('runs one job of a collection at a time, in their order, and of heavy ones no more than it may', async () => {
    const place = await workplace('a', 'b');
    const queue = await place.open();
    const add = await queue.start('a', { kind: 'add' });
    const trash = await queue.start('a', { kind: 'trash' });
    const other = await queue.start('b', { kind: 'map' });
    const first = await place.nth(0);
    expect(first.collection).toBe('a');
    await becomes(queue, add, 'running');
    // Not beside the other of its collection; and the one of b is as heavy.
    await wait(20);
    expect(place.begun).toHaveLength(1);
    first.end();
    await becomes(queue, add, 'done');
    // What waited for the collection and what waited for the cores go on together.
    await place.nth(2);
    expect([queue.get(trash.id)?.state, queue.get(other.id)?.state]).toEqual(['running', 'running']);
    expect(queue.list().map(({ id }) => id)).toEqual([other.id, trash.id, add.id]);
    expect(queue.list('b').map(({ id }) => id)).toEqual([other.id]);
  });

  it('keeps what a job came to, and tells of every state', async () => {
    const place = await workplace();
    const queue = await place.open();
    const told: Job[] = [];
    queue.subscribe((job) => told.push(job));
    const job = await queue.start('a', { kind: 'add' });
    const failures = Array.from({ length: 5 }, (_, i) => ({ path: `${i}\u2028.jpg`, reason: 'cut off' }));
    (await place.nth(0)).end({ result: { added: 3 }, failures });
    expect(await becomes(queue, job, 'done')).toMatchObject({
      kind: 'add',
      result: { added: 3 },
      failures: 5,
      problem: null,
      startedAt: expect.any(String),
      endedAt: expect.any(String),
    });
    expect(told.map(({ state }) => state)).toEqual(['queued', 'running', 'done']);
    const page = await queue.failures(job.id, { offset: 3, limit: 10 });
    expect(page).toEqual({ total: 5, failures: failures.slice(3) });
    expect(await queue.failures('none', { offset: 0, limit: 1 })).toBeUndefined();
    await queue.close();
    expect((await place.open()).get(job.id)).toEqual(queue.get(job.id));
  });

  it('says why a job failed, and does it again', async () => {
    const place = await workplace();
    const queue = await place.open();
    const job = await queue.start('a', { kind: 'add', prune: true });
    const error = new ImagekinError('source-missing', { where: 'x', expected: 'y', got: 'z', fix: 'w' });
    (await place.nth(0)).fail(error);
    const failed = await becomes(queue, job, 'failed');
    expect(failed.problem).toMatchObject({ code: 'source-missing', detail: 'x: expected y, got z; w' });
    const again = await queue.retry(job.id);
    expect(again).toMatchObject({ kind: 'add', retryOf: job.id });
    expect((await place.nth(1)).work.request).toEqual({ kind: 'add', prune: true, retryFailed: true });
    await expect(queue.retry(again.id)).rejects.toThrow(/has ended.*running/);
    await expect(queue.retry('none')).rejects.toThrow('none');
  });

  it('cancels what waits at once, and what runs when it has stopped, with what was done', async () => {
    const place = await workplace();
    const queue = await place.open();
    const [one, two] = [
      await queue.start('a', { kind: 'add' }),
      await queue.start('a', { kind: 'evaluate' }),
    ];
    const { work, end } = await place.nth(0);
    expect(queue.cancel(two.id).state).toBe('cancelled');
    expect(queue.cancel(one.id).state).toBe('running');
    expect(work.signal.aborted).toBe(true);
    end({ finished: false, result: { added: 7 } });
    expect(await becomes(queue, one, 'cancelled')).toMatchObject({ result: { added: 7 }, problem: null });
    expect(() => queue.cancel(one.id)).toThrow(/one that is cancelled/);
    expect(place.begun).toHaveLength(1);
    // What throws when it is stopped is cancelled too; what had come to its end is done.
    const three = await queue.start('a', { kind: 'add' });
    const third = await place.nth(1);
    queue.cancel(three.id);
    third.fail(third.work.signal.reason);
    await becomes(queue, three, 'cancelled');
    const four = await queue.start('a', { kind: 'add' });
    const fourth = await place.nth(2);
    queue.cancel(four.id);
    fourth.end();
    await becomes(queue, four, 'done');
  });

  it('interrupts what runs when it is closed, and goes on with what waited when it is opened again', async () => {
    const place = await workplace();
    const queue = await place.open();
    const [one, two] = [await queue.start('a', { kind: 'add' }), await queue.start('a', { kind: 'map' })];
    const { work, end } = await place.nth(0);
    const closed = queue.close();
    await vi.waitFor(() => expect(work.signal.aborted).toBe(true));
    end({ finished: false, result: { added: 1 } });
    await closed;
    expect(queue.get(one.id)).toMatchObject({ state: 'interrupted', result: { added: 1 } });
    expect(place.begun).toHaveLength(1);
    await expect(queue.start('a', { kind: 'add' })).rejects.toMatchObject({ code: 'service-unavailable' });

    const next = await place.open();
    expect(next.get(one.id)?.state).toBe('interrupted');
    expect((await place.nth(1)).work.request.kind).toBe('map');
    await becomes(next, two, 'running');
  });

  it('takes what ran when the process was killed for interrupted, and leaves alone what is no record', async () => {
    const place = await workplace();
    const queue = await place.open();
    const job = await queue.start('a', { kind: 'add' });
    await place.nth(0);
    const folder = join(place.root, 'a', 'jobs');
    await writeFile(join(folder, `${job.id.slice(0, 9)}-00000000.json`), '{"version":1,"job":{');
    await writeFile(join(folder, `x.json.123-00000000.part`), '{');
    // As after kill -9: nothing has been told of its end.
    const next = await place.open();
    expect(next.list()).toHaveLength(1);
    expect(next.get(job.id)).toMatchObject({ state: 'interrupted', endedAt: expect.any(String) });
    const again = await next.retry(job.id);
    (await place.nth(1)).end();
    await becomes(next, again, 'done');
  });

  it('leaves what another process has to that one', async () => {
    const place = await workplace();
    const queue = await place.open();
    const [one, two] = [await queue.start('a', { kind: 'add' }), await queue.start('a', { kind: 'map' })];
    await place.nth(0);
    const other = await place.open(1, () => true);
    const own = await other.start('a', { kind: 'evaluate' });
    expect((await place.nth(1)).work.request.kind).toBe('evaluate');
    expect(other.list().map(({ id, state }) => [id, state])).toEqual([
      [own.id, 'running'],
      [two.id, 'queued'],
      [one.id, 'running'],
    ]);
    for (const { id } of [one, two]) expect(() => other.cancel(id)).toThrow('another process');
  });

  it('hears what becomes of the jobs of another process, and goes on with those that it leaves', async () => {
    const place = await workplace();
    const queue = await place.open();
    const jobs = [
      await queue.start('a', { kind: 'add' }),
      await queue.start('a', { kind: 'map' }),
      await queue.start('a', { kind: 'evaluate' }),
    ] as const;
    let isThere = true;
    const other = await place.open(1, () => isThere);
    const told: Job[] = [];
    other.subscribe((job) => told.push(job));
    (await place.nth(0)).end({ result: { added: 3 } });
    expect(await becomes(other, jobs[0], 'done')).toMatchObject({ result: { added: 3 } });
    await becomes(other, jobs[1], 'running');
    expect(told.map(({ id, state }) => [id, state])).toContainEqual([jobs[0].id, 'done']);
    await place.nth(1);
    // As if it had been killed.
    isThere = false;
    await becomes(other, jobs[1], 'interrupted');
    expect((await place.nth(2)).work.request.kind).toBe('evaluate');
    await becomes(other, jobs[2], 'running');
  });

  it('tells of progress a few times a second, and in the end of the last of it', async () => {
    const place = await workplace();
    const queue = await place.open();
    const told: Job[] = [];
    queue.subscribe((job) => told.push(job));
    const job = await queue.start('a', { kind: 'add' });
    const { work, end } = await place.nth(0);
    const startedMs = performance.now();
    for (let done = 0; done <= 100; done++) {
      work.onProgress({ task: 'adding', done, total: 200, unit: 'images' });
      await wait(10);
    }
    const seconds = (performance.now() - startedMs) / 1000;
    const running = told.filter(({ progress }) => progress !== null);
    expect(running.length).toBeGreaterThan(2);
    expect(running.length).toBeLessThanOrEqual(1 + Math.ceil(seconds * 5));
    const { rate, secondsLeft } = queue.get(job.id)!.progress!;
    expect(rate).toBeGreaterThan(0);
    expect(secondsLeft).toBeCloseTo(100 / rate!, 5);
    end();
    const done = await becomes(queue, job, 'done');
    expect(done.progress).toEqual({
      task: 'adding',
      done: 100,
      total: 200,
      unit: 'images',
      rate: null,
      secondsLeft: null,
    });
    expect(told.at(-1)).toEqual(done);
    const count = told.length;
    await wait(250);
    expect(told).toHaveLength(count);
  });

  it('hands an upload its files, lists those that were not kept, and remembers both for a retry', async () => {
    const place = await workplace();
    const queue = await place.open();
    const files = ['/x/1.png', '/x/2\n.png'];
    const skipped = [{ path: 'notes.txt', reason: 'no image' }];
    const job = await queue.upload('a', { files, label: 'cat', skipped });
    const { work, end } = await place.nth(0);
    expect(work).toMatchObject({ files, request: { kind: 'upload', label: 'cat' } });
    expect(queue.get(job.id)?.failures).toBe(1);
    end({ failures: [{ path: '/x/1.png', reason: 'cut off' }] });
    expect((await becomes(queue, job, 'done')).failures).toBe(2);
    const listed = await queue.failures(job.id, { offset: 0, limit: 10 });
    expect(listed?.failures.map(({ path }) => path)).toEqual(['notes.txt', '/x/1.png']);
    await queue.retry(job.id);
    const again = await place.nth(1);
    expect(again.work).toMatchObject({ files, request: { label: 'cat', retryFailed: true } });
  });

  it('forgets all but the last hundred, with their files', async () => {
    const place = await workplace();
    const queue = await place.open();
    for (let i = 0; i < 104; i++) {
      const job = await queue.start('a', { kind: 'trash' });
      (await place.nth(i)).end({ failures: [{ path: 'a', reason: 'b' }] });
      await becomes(queue, job, 'done');
    }
    await queue.close();
    expect(queue.list('a')).toHaveLength(100);
    await vi.waitFor(async () => expect(await readdir(join(place.root, 'a', 'jobs'))).toHaveLength(200));
  });

  it('goes on with a job whose record has been deleted while it waited', async () => {
    const place = await workplace();
    const queue = await place.open();
    await queue.start('a', { kind: 'trash' });
    const { end } = await place.nth(0);
    const waiting = await queue.start('a', { kind: 'trash' });
    await rm(join(place.root, 'a', 'jobs', `${waiting.id}.json`));
    // Claimed some times meanwhile.
    await wait(80);
    end();
    (await place.nth(1)).end();
    await becomes(queue, waiting, 'done');
  });

  it('takes no more than a hundred that wait', async () => {
    const place = await workplace();
    const queue = await place.open();
    await queue.start('a', { kind: 'trash' });
    await place.nth(0);
    for (let i = 0; i < 100; i++) await queue.start('a', { kind: 'trash' });
    await expect(queue.start('a', { kind: 'trash' })).rejects.toMatchObject({ code: 'service-unavailable' });
    await expect(queue.start('none', { kind: 'trash' })).rejects.toMatchObject({
      code: 'collection-missing',
    });
  });
});
