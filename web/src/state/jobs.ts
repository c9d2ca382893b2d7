import { computed, signal } from '@preact/signals';
import { api, failureOf, type Job, jobEventsUrl } from '../api.js';
import { collection } from '../router.js';
import { contentChanged, loadCollections } from './collections.js';

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

let listed = false;

/** Notes all that the server tells of. What it does not know any more is forgotten. */
export function noteJobs(list: readonly Job[], askedAt = byId.peek()): void {
  const ids = new Set(list.map(({ id }) => id));
  const before = byId.peek();
  // One that was started while the list was on its way is not in it yet.
  byId.value = new Map([...before].filter(([id]) => ids.has(id) || !askedAt.has(id)));
  for (const job of list) {
    const missed = listed && !before.has(job.id) && !isActive(job);
    noteJob(job);
    if (missed) for (const listener of endings) listener(job);
  }
  listed = true;
}

const endings = new Set<(job: Job) => void>();

/** Is told of each job that ends. Returns how to stop. */
export function onJobEnd(listener: (job: Job) => void): () => void {
  endings.add(listener);
  return () => endings.delete(listener);
}

let events: EventSource | undefined;
const againAfterMs = 5_000;

/** Follows the events of the server, whenever there is somebody to whom it tells them. */
export function startJobs(): void {
  if (events && events.readyState !== EventSource.CLOSED) return;
  events = new EventSource(jobEventsUrl, { withCredentials: true });
  events.addEventListener('open', () => {
    jobsLive.value = true;
    // Events that were missed while the connection was gone are made up for by the list.
    const known = byId.peek();
    void api.jobs().then(
      (list) => noteJobs(list, known),
      () => {},
    );
  });
  events.addEventListener('error', () => {
    jobsLive.value = false;
    // A browser connects again by itself where nobody answers, but gives up where the answer is a refusal: of a server
    // that has too much to do, or that wants the token again. The question tells of the latter.
    if (events?.readyState === EventSource.CLOSED) setTimeout(reconnect, againAfterMs);
  });
  events.addEventListener('job', (event) => {
    noteJob(JSON.parse((event as MessageEvent<string>).data) as Job);
  });
}

/** Whether there is somebody who may know is told by the answer to any question: one who may not is asked for the token. */
function reconnect(): void {
  api.jobs().then(startJobs, (error: unknown) => {
    if (failureOf(error).problem.status !== 401) setTimeout(reconnect, againAfterMs);
  });
}

const changesImages: ReadonlySet<Job['kind']> = new Set(['upload', 'add', 'trash', 'restore', 'reindex']);

onJobEnd((job) => {
  // A map that is done is no reason to load the images again that somebody is looking at.
  if (job.collection === collection.peek() && changesImages.has(job.kind)) contentChanged();
  else void loadCollections();
});
