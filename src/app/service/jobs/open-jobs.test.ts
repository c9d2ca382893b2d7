import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { temporaryDirectory } from '../../../../test/fixtures/temporary-directory.js';
import type { Job } from '../../../api/index.js';
import { openJobs } from './open-jobs.js';

const job: Job = {
  id: '0mwyi4m7m-3f5ee1fb',
  collection: 'photos',
  kind: 'add',
  state: 'running',
  createdAt: '2026-01-01T00:00:00.000Z',
  startedAt: '2026-01-01T00:00:00.000Z',
  endedAt: null,
  progress: null,
  failures: 0,
  result: null,
  problem: null,
  retryOf: null,
};

/** The state of a job that ran in a process, as it is when another one opens it. */
async function stateOf(pid: number, secondsAgo: number): Promise<string | undefined> {
  const directory = await temporaryDirectory();
  const path = join(directory, 'jobs', `${job.id}.json`);
  await mkdir(join(directory, 'jobs'));
  await writeFile(path, JSON.stringify({ version: 1, job, request: { kind: 'add' }, pid }));
  const then = Date.now() / 1000 - secondsAgo;
  await utimes(path, then, then);
  const jobs = await openJobs(new Map([['photos', { name: 'photos', directory }]]));
  onTestFinished(() => jobs.close());
  const state = jobs.get(job.id)?.state;
  await jobs.close();
  // What is told is what is on the disk.
  expect(JSON.parse(await readFile(path, 'utf8')).job.state).toBe(state);
  return state;
}

describe('openJobs', () => {
  it('takes a job for interrupted unless a process that is there has claimed it lately', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
    onTestFinished(() => {
      child.kill('SIGKILL');
    });
    expect(await stateOf(child.pid!, 5)).toBe('running');
    // Another process that has got its number since.
    expect(await stateOf(child.pid!, 3600)).toBe('interrupted');
    expect(await stateOf(process.pid, 5)).toBe('interrupted');
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(await stateOf(child.pid!, 5)).toBe('interrupted');
  });

  it('removes what was being written when a server was killed, and nothing else', async () => {
    const directory = await temporaryDirectory();
    const folder = (name: string) => join(directory, name);
    for (const name of ['uploads', 'jobs']) {
      await mkdir(folder(name));
      await writeFile(join(folder(name), `.${process.pid}-0123abcd.part`), 'half');
      await writeFile(join(folder(name), 'whole.png'), 'whole');
    }
    const jobs = await openJobs(new Map([['photos', { name: 'photos', directory }]]));
    await jobs.close();
    for (const name of ['uploads', 'jobs']) expect(await readdir(folder(name))).toEqual(['whole.png']);
  });
});
