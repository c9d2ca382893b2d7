import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Job } from '../../src/api/index.js';
import { addImages } from '../../src/app/collection/add/add-images.js';
import { openJobs } from '../../src/app/service/jobs/open-jobs.js';
import { Collection } from '../../src/collection/collection.js';
import { Random } from '../../src/core/random.js';
import { imagesOf } from '../fixtures/look-into-collection.js';
import { makeBmp } from '../fixtures/make-bmp.js';
import { pictureFolder } from '../fixtures/picture-folder.js';
import { serviceInThread } from '../fixtures/service-in-thread.js';
import { temporaryDirectory } from '../fixtures/temporary-directory.js';
import { tinyModel } from '../fixtures/tiny-model.js';

const runner = fileURLToPath(new URL('../fixtures/job-runner.mjs', import.meta.url));

/** A collection of one picture, beside a folder of so many more, which is a source of it as well. */
async function collectionOf(more: number) {
  const root = await temporaryDirectory();
  const kin = join(root, 'photos.kin');
  const folder = join(root, 'pictures');
  await pictureFolder({ amber: 1 }, root);
  await writeFile(join(root, 'model.onnx'), tinyModel());
  await addImages({ collection: kin, sources: [folder], model: join(root, 'model.onnx'), threads: 1 });
  const random = Random.of(1, 'killed');
  await mkdir(join(folder, 'more'));
  for (let i = 0; i < more; i++) {
    const picture = makeBmp({ width: 16, height: 16, bits: 24, at: () => random.integer(2 ** 24) });
    await writeFile(join(folder, 'more', `${i}.bmp`), picture);
  }
  return { root, kin, folder };
}

/** Starts a job in a process of its own, which is killed as soon as something has come of it. */
async function killedWhen(kin: string, request: object, isTime: () => Promise<boolean>): Promise<void> {
  const child = spawn(process.execPath, [runner, kin, JSON.stringify(request)], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, IMAGEKIN_TUNING: 'off' },
  });
  const ended = once(child, 'exit');
  while (child.exitCode === null && !(await isTime())) await wait(2);
  child.kill('SIGKILL');
  expect(await ended).toEqual([null, 'SIGKILL']);
}

async function jobsAgain(kin: string) {
  const jobs = await openJobs(new Map([['photos', { name: 'photos', directory: kin }]]), { threads: 1 });
  onTestFinished(() => jobs.close());
  const ended = async ({ id }: Job) => {
    await vi.waitFor(() => expect(['queued', 'running']).not.toContain(jobs.get(id)?.state), {
      timeout: 40_000,
      interval: 20,
    });
    return jobs.get(id)!;
  };
  return { jobs, ended };
}

describe('a server that is killed with a job', () => {
  it('knows it as interrupted, and does the rest of it when it is tried again', async () => {
    const images = 700;
    const { root, kin } = await collectionOf(images);
    const collection = Collection.open(kin);
    onTestFinished(() => collection.close());
    await killedWhen(kin, { kind: 'add' }, async () => collection.catalog.images.count() > 1);
    const { jobs, ended } = await jobsAgain(kin);
    const [killed] = jobs.list();
    expect(killed).toMatchObject({ kind: 'add', state: 'interrupted', endedAt: expect.any(String) });
    const there = imagesOf(kin, root).size;
    expect(there).toBeGreaterThan(1);
    expect(there).toBeLessThan(images + 1);
    const done = await ended(await jobs.retry(killed!.id));
    expect(done).toMatchObject({ state: 'done', retryOf: killed!.id, failures: 0 });
    expect(done.result).toMatchObject({ added: images + 1 - there, unchanged: there });
    expect(imagesOf(kin, root).size).toBe(images + 1);
    await jobs.close();
    expect((await readdir(join(kin, 'jobs'))).filter((name) => name.endsWith('.part'))).toEqual([]);
  });

  it('moves the rest to the trash when it is tried again, and puts all of it back', async () => {
    const copies = 400;
    const { kin, folder } = await collectionOf(0);
    await mkdir(join(folder, 'copies'));
    for (let i = 0; i < copies; i++)
      await copyFile(join(folder, 'amber', '0.png'), join(folder, 'copies', `${i}.png`));
    const before = await jobsAgain(kin);
    for (const kind of ['add', 'duplicates'] as const)
      expect(await before.ended(await before.jobs.start('photos', { kind }))).toMatchObject({
        state: 'done',
      });
    await before.jobs.close();
    const service = serviceInThread(kin);
    onTestFinished(() => service.close());
    const [group] = (await service.call('duplicates', {})).groups;
    const [, ...others] = group!.images;
    expect(others).toHaveLength(copies);
    await service.call('decide', { decisions: others.map(({ id }) => ({ id, decision: 'trash' as const })) });
    const left = async () => (await readdir(join(folder, 'copies'))).length;
    await killedWhen(kin, { kind: 'trash' }, async () => (await left()) < copies - 2);

    const { jobs, ended } = await jobsAgain(kin);
    const stayed = await left();
    expect(stayed).toBeGreaterThan(0);
    expect(stayed).toBeLessThan(copies);
    const done = await ended(await jobs.retry(jobs.list()[0]!.id));
    expect(done).toMatchObject({ state: 'done', failures: 0 });
    // All but the best one, wherever it lies.
    expect((await left()) + (await readdir(join(folder, 'amber'))).length).toBe(1);
    expect(await service.call('duplicates', {})).toMatchObject({ toTrash: 0, total: 0 });
    const { batches } = await service.call('trash', {});
    expect(batches.reduce((sum, { files }) => sum + files, 0)).toBe(copies);
    for (const { batch } of batches)
      expect(await ended(await jobs.start('photos', { kind: 'restore', batch }))).toMatchObject({
        state: 'done',
        failures: 0,
      });
    expect((await left()) + (await readdir(join(folder, 'amber'))).length).toBe(copies + 1);
    expect((await service.call('images', {})).total).toBe(copies + 1);
  });
});
