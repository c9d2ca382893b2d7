import { expect, it } from 'vitest';
import { JobEvents } from './job-events.js';
import { noJobs } from './no-jobs.js';

it('says something at once where there is no job, so that the connection is known to stand', async () => {
  const events = new JobEvents(noJobs, { wants: () => true, heartbeatMs: 60_000 });
  const [first] = await events.take(1).toArray();
  expect(String(first)).toBe(':\n\n');
});
