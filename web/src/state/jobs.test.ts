import { expect, test, vi } from 'vitest';
import type { Job } from '../api.js';

vi.stubGlobal('matchMedia', () => ({ matches: false, addEventListener() {} }));
vi.stubGlobal('location', new URL('http://localhost/c/photos/jobs'));
vi.stubGlobal('history', { state: null, pushState() {}, replaceState() {} });

const job = (id: string, state: Job['state']) =>
  ({ id, state, kind: 'map', collection: 'other', createdAt: id }) as unknown as Job;

test('after the connection was gone, jobs that ended meanwhile are told of and those that are gone are forgotten', async () => {
  const { jobs, noteJob, noteJobs, onJobEnd } = await import('./jobs.js');
  const ended: string[] = [];
  onJobEnd(({ id }) => ended.push(id));
  noteJobs([job('1', 'done'), job('2', 'running'), job('3', 'running')]);
  // What ended before the page was opened is no news.
  expect(ended).toEqual([]);
  const askedAt = new Map([['2', job('2', 'running')]]);
  noteJob(job('5', 'queued'));
  noteJobs(
    [job('1', 'done'), job('2', 'interrupted'), job('4', 'done')],
    new Map([...askedAt, ['3', job('3', 'running')]]),
  );
  expect(ended).toEqual(['2', '4']);
  expect(jobs.value.map(({ id, state }) => `${id} ${state}`)).toEqual([
    '5 queued',
    '4 done',
    '2 interrupted',
    '1 done',
  ]);
});
