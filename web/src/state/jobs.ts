import { computed, signal } from '@preact/signals';
import { api, type Job, jobEventsUrl } from '../api.js';
import { collection } from '../router.js';
import { contentChanged } from './collections.js';

const byId = signal<ReadonlyMap<string, Job>>(new Map());

/** All jobs that the server tells of, the newest first; kept up to date by its events. */
export const jobs = computed(() =>
  [...byId.value.values()].sort((a, b) =>
    a.createdAt < b.createdAt ? 1 : a.createdAt > b.createdAt ? -1 : 0,
  ),
);
export const jobsHere = computed(() => jobs.value.filter((job) => job.collection === collection.value));
export const runningJobs = computed(() => jobs.value.filter(isActive));

/** Whether events arrive; where not, what is shown may be old. */
export const jobsLive = signal(false);

export function isActive(job: Job): boolean {
  return job.state === 'queued' || job.state === 'running';
}

/** Notes a job, for instance one that was just started. */
export function noteJob(job: Job): void {
  const before = byId.peek().get(job.id);
  byId.value = new Map(byId.peek()).set(job.id, job);
  if (before && isActive(before) && !isActive(job)) for (const listener of endings) listener(job);
}

const endings = new Set<(job: Job) => void>();

/** Is told of each job that ends. Returns how to stop. */
export function onJobEnd(listener: (job: Job) => void): () => void {
  endings.add(listener);
  return () => endings.delete(listener);
}

let events: EventSource | undefined;

export function startJobs(): void {
  if (events) return;
  events = new EventSource(jobEventsUrl, { withCredentials: true });
  events.addEventListener('open', () => {
    jobsLive.value = true;
    // Events that were missed while the connection was gone are made up for by the list.
    void api.jobs().then(
      (list) => list.forEach(noteJob),
      () => {},
    );
  });
  events.addEventListener('error', () => {
    jobsLive.value = false;
  });
  events.addEventListener('job', (event) => {
    noteJob(JSON.parse((event as MessageEvent<string>).data) as Job);
  });
}

onJobEnd(() => contentChanged());
