import { randomBytes } from 'node:crypto';
import type { Job, JobFailures, JobRequest, JobState, Problem } from '../../../api/index.js';
import { ImagekinError } from '../../../core/errors.js';
import type { Progress } from '../../../core/progress.js';
import type { JobKindRule, JobOutcome, StoredRequest } from './job-kind.js';
import { ruleOf } from './job-kinds.js';
import { JobProgress, stoppedProgress } from './job-progress.js';
import type { JobStore, LoadedRecord } from './job-store.js';
import { hasEnded, type Jobs, type Upload } from './jobs.js';

export interface QueueOptions {
  readonly heavyAtOnce: number;
  readonly threads?: number;
  readonly problemOf: (error: unknown) => Problem;
  readonly onError: (error: unknown) => void;
  /** Whether another process has a job. Default: none has. */
  readonly isElsewhere?: (record: LoadedRecord) => boolean;
  /** How often it is said of jobs that have not ended that this process has them, and seen what became of those of others. */
  readonly claimIntervalMs?: number;
  /** What a request means. Another one only in tests. */
  readonly ruleOf?: (request: StoredRequest) => JobKindRule<StoredRequest>;
}

interface ServedJobs {
  readonly directory: string;
  readonly store: JobStore;
}

/** A job, and what this process does with it. */
interface Entry {
  job: Job;
  readonly request: StoredRequest;
  /** Another process has it. */
  isElsewhere: boolean;
  /** Writes of its record, one after the other. */
  written: Promise<void>;
  /** Of one that runs here. */
  running?: {
    readonly controller: AbortController;
    /** What it becomes when it has stopped before its end. */
    becomes: JobState;
  };
  /** When it was last told of, and what will tell of it next. */
  toldMs: number;
  teller?: NodeJS.Timeout;
}

/** Of a collection so many are remembered, and so many may wait. */
const most = { ended: 100, waiting: 100 };
/** Progress is told of no more often. */
const tellingIntervalMs = 200;
const defaultClaimIntervalMs = 10_000;

/** The jobs of all collections that are served. `openJobs` makes one. */
export class JobQueue implements Jobs {
  /** By their ids, in the order in which they were asked for. */
  readonly #entries = new Map<string, Entry>();
  readonly #listeners = new Set<(job: Job) => void>();
  readonly #runs = new Set<Promise<void>>();
  #isOpen = false;
  #claims: NodeJS.Timeout | undefined;
  /** The claim that is being made, if any. */
  #claiming: Promise<void> | undefined;
  #lastMs = 0;
  readonly #ruleOf: (request: StoredRequest) => JobKindRule<StoredRequest>;

  constructor(
    private readonly collections: ReadonlyMap<string, ServedJobs>,
    private readonly options: QueueOptions,
  ) {
    this.#ruleOf = options.ruleOf ?? ruleOf;
  }

  /** A job that was there before. */
  async takeUp(collection: string, record: LoadedRecord): Promise<void> {
    const { job, request } = record;
    // A collection may be served by another name than it was.
    const known = { ...job, collection };
    const isElsewhere = this.#isElsewhere(record);
    const entry: Entry = { job: known, request, isElsewhere, written: Promise.resolve(), toldMs: 0 };
    this.#entries.set(job.id, entry);
    if (!isElsewhere) await this.#take(entry);
  }

  /** Makes a job that nobody else has one of this process. */
  async #take(entry: Entry): Promise<void> {
    entry.isElsewhere = false;
    if (entry.job.state === 'queued') await this.#write(entry);
    if (entry.job.state === 'running') {
      this.#become(entry, 'interrupted');
      await entry.written;
    }
  }

  /** Lets jobs run. */
  begin(): void {
    this.#isOpen = true;
    this.#claims = setInterval(() => {
      this.#claiming ??= this.#claim().finally(() => {
        this.#claiming = undefined;
      });
    }, this.options.claimIntervalMs ?? defaultClaimIntervalMs);
    this.#claims.unref();
    for (const name of this.collections.keys()) this.#forgetOld(name);
    this.#next();
  }

  list(collection?: string): readonly Job[] {
    return [...this.#entries.values()]
      .map(({ job }) => job)
      .filter((job) => collection === undefined || job.collection === collection)
      .sort((a, b) => (a.id < b.id ? 1 : -1));
  }

  get(id: string): Job | undefined {
    return this.#entries.get(id)?.job;
  }

  async failures(
    id: string,
    page: { readonly offset: number; readonly limit: number },
  ): Promise<JobFailures | undefined> {
    const job = this.get(id);
    return job && this.#served(job.collection).store.failures(id, page);
  }

  start(collection: string, request: JobRequest): Promise<Job> {
    return this.#add(collection, request);
  }

  upload(collection: string, { files, label, skipped = [] }: Upload): Promise<Job> {
    const request: StoredRequest = { kind: 'upload', ...(label !== undefined && { label }) };
    return this.#add(collection, request, { failures: skipped.length }, async (id, store) => {
      await store.writeFiles(id, files);
      await store.writeFailures(id, skipped);
    });
  }

  cancel(id: string): Job {
    const entry = this.#entry(id);
    const { job, running } = entry;
    if (running) {
      running.becomes = 'cancelled';
      running.controller.abort();
    } else if (job.state === 'queued' && !entry.isElsewhere) this.#become(entry, 'cancelled');
    else
      throw new ImagekinError('wrong-usage', {
        where: `job ${id}`,
        expected: 'one that waits or runs here',
        got: hasEnded(job) ? `one that is ${job.state}` : 'one that another process has',
        fix: hasEnded(job) ? 'there is nothing to stop' : 'ask the server that has it',
      });
    return entry.job;
  }

  async retry(id: string): Promise<Job> {
    const { job, request } = this.#entry(id);
    if (!hasEnded(job))
      throw new ImagekinError('wrong-usage', {
        where: `job ${id}`,
        expected: 'one that has ended',
        got: `one that is ${job.state}`,
        fix: 'wait for its end, or cancel it first',
      });
    const { again } = this.#ruleOf(request);
    return this.#add(job.collection, again ? again(request) : request, { retryOf: id }, async (to, store) => {
      if (request.kind === 'upload') await store.copyFiles(id, to);
    });
  }

  subscribe(listener: (job: Job) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async close(): Promise<void> {
    this.#isOpen = false;
    clearInterval(this.#claims);
    for (const { running } of this.#entries.values()) {
      if (running === undefined || running.controller.signal.aborted) continue;
      running.becomes = 'interrupted';
      running.controller.abort();
    }
    await Promise.all(this.#runs);
    // From here on its jobs are another process's to claim.
    await this.#claiming;
    await Promise.all([...this.#entries.values()].map(({ written }) => written));
  }

  async #add(
    collection: string,
    request: StoredRequest,
    about: Partial<Job> = {},
    prepare: (id: string, store: JobStore) => Promise<void> = async () => {},
  ): Promise<Job> {
    const { store } = this.#served(collection);
    this.#requireRoom(collection);
    const job: Job = {
      id: this.#newId(),
      collection,
      kind: request.kind,
      state: 'queued',
      createdAt: new Date().toISOString(),
      startedAt: null,
      endedAt: null,
      progress: null,
      failures: 0,
      result: null,
      problem: null,
      retryOf: null,
      ...about,
    };
    const entry: Entry = { job, request, isElsewhere: false, written: Promise.resolve(), toldMs: 0 };
    try {
      await prepare(job.id, store);
      await store.write({ job, request, pid: process.pid });
    } catch (error) {
      await store.remove(job.id).catch(() => {});
      throw error;
    }
    this.#entries.set(job.id, entry);
    this.#tell(entry);
    this.#next();
    return entry.job;
  }

  /** Begins those whose turn it is. */
  #next(): void {
    if (!this.#isOpen) return;
    const all = [...this.#entries.values()];
    const busy = new Set(all.filter(({ running }) => running).map(({ job }) => job.collection));
    let heavy = all.filter(({ running, request }) => running && this.#ruleOf(request).isHeavy).length;
    for (const entry of all) {
      const { collection, state } = entry.job;
      if (state !== 'queued' || entry.isElsewhere || busy.has(collection)) continue;
      // Those of a collection stay in their order.
      busy.add(collection);
      if (this.#ruleOf(entry.request).isHeavy && heavy >= this.options.heavyAtOnce) continue;
      if (this.#ruleOf(entry.request).isHeavy) heavy++;
      const run = this.#run(entry).finally(() => {
        this.#runs.delete(run);
        this.#next();
      });
      this.#runs.add(run);
    }
  }

  async #run(entry: Entry): Promise<void> {
    const running = { controller: new AbortController(), becomes: 'interrupted' as JobState };
    entry.running = running;
    const { signal } = running.controller;
    const { request } = entry;
    const { id, collection } = entry.job;
    const { directory, store } = this.#served(collection);
    this.#become(entry, 'running');
    // What says that it runs is on the disk before it begins, so that nobody believes that it has not.
    await entry.written;
    const progress = new JobProgress();
    try {
      const [files, before] = await Promise.all([
        store.files(id),
        store.failures(id, { offset: 0, limit: Number.POSITIVE_INFINITY }),
      ]);
      const outcome = await this.#ruleOf(request).run({
        directory,
        request,
        files,
        threads: this.options.threads,
        onProgress: (said) => this.#progress(entry, progress, said),
        signal,
      });
      await this.#end(entry, outcome, [...before.failures, ...outcome.failures], store);
    } catch (error) {
      if (signal.aborted) this.#become(entry, running.becomes);
      else this.#become(entry, 'failed', { problem: this.options.problemOf(error) });
    } finally {
      entry.running = undefined;
    }
    await entry.written;
    this.#forgetOld(collection);
  }

  async #end(
    entry: Entry,
    { finished, result }: JobOutcome,
    failures: JobOutcome['failures'],
    store: JobStore,
  ): Promise<void> {
    await store.writeFailures(entry.job.id, failures);
    this.#become(entry, finished ? 'done' : entry.running!.becomes, { result, failures: failures.length });
  }

  #become(entry: Entry, state: JobState, also: Partial<Job> = {}): void {
    const now = new Date().toISOString();
    entry.job = {
      ...entry.job,
      ...also,
      state,
      ...(state === 'running' ? { startedAt: now } : { endedAt: now }),
      progress: stoppedProgress(entry.job.progress),
    };
    void this.#write(entry);
    this.#tell(entry);
  }

  #progress(entry: Entry, progress: JobProgress, said: Progress): void {
    const nowMs = performance.now();
    entry.job = { ...entry.job, progress: progress.observe(said, nowMs) };
    const waitMs = entry.toldMs + tellingIntervalMs - nowMs;
    if (waitMs <= 0) this.#tell(entry);
    else entry.teller ??= setTimeout(() => this.#tell(entry), waitMs).unref();
  }

  #tell(entry: Entry): void {
    clearTimeout(entry.teller);
    entry.teller = undefined;
    entry.toldMs = performance.now();
    for (const listener of [...this.#listeners]) listener(entry.job);
  }

  async #claim(): Promise<void> {
    for (const entry of [...this.#entries.values()]) {
      if (!this.#isOpen) return;
      const { job, isElsewhere } = entry;
      if (hasEnded(job)) continue;
      if (isElsewhere) await this.#lookAgain(entry);
      else await this.#served(job.collection).store.touch(job.id).catch(this.options.onError);
    }
  }

  /** What has become of a job of another process. Where that process is gone, it is this one's. */
  async #lookAgain(entry: Entry): Promise<void> {
    const { id, collection } = entry.job;
    const record = await this.#served(collection).store.read(id);
    if (!this.#isOpen) return;
    if (record === undefined) {
      this.#entries.delete(id);
      return;
    }
    const isSame = record.job.state === entry.job.state;
    entry.job = { ...record.job, collection };
    if (!isSame) this.#tell(entry);
    if (hasEnded(entry.job) || this.#isElsewhere(record)) return;
    await this.#take(entry);
    this.#next();
  }

  #isElsewhere(record: LoadedRecord): boolean {
    return this.options.isElsewhere?.(record) ?? false;
  }

  /** Writes down how a job is, when what was written before is on the disk. */
  #write(entry: Entry): Promise<void> {
    entry.written = entry.written.then(async () => {
      const { job, request } = entry;
      if (!this.#entries.has(job.id)) return;
      const { store } = this.#served(job.collection);
      await store.write({ job, request, pid: process.pid }).catch(this.options.onError);
    });
    return entry.written;
  }

  #forgetOld(collection: string): void {
    const ended = [...this.#entries.values()].filter(
      ({ job }) => job.collection === collection && hasEnded(job),
    );
    for (const { job } of ended.slice(0, Math.max(0, ended.length - most.ended))) {
      this.#entries.delete(job.id);
      this.#served(collection).store.remove(job.id).catch(this.options.onError);
    }
  }

  /** In the order of time, those of one millisecond too. */
  #newId(): string {
    this.#lastMs = Math.max(Date.now(), this.#lastMs + 1);
    return `${this.#lastMs.toString(36).padStart(9, '0')}-${randomBytes(4).toString('hex')}`;
  }

  #entry(id: string): Entry {
    const entry = this.#entries.get(id);
    if (entry) return entry;
    throw new ImagekinError('wrong-usage', {
      where: 'jobs',
      expected: 'the id of a job',
      got: `"${id}", of which there is none any more`,
      fix: 'look at the list of jobs',
    });
  }

  #served(collection: string): ServedJobs {
    const served = this.collections.get(collection);
    if (served) return served;
    throw new ImagekinError('collection-missing', {
      where: 'jobs',
      expected: `a collection that is served: ${[...this.collections.keys()].join(', ')}`,
      got: `"${collection}"`,
      fix: 'name one of these',
    });
  }

  #requireRoom(collection: string): void {
    const waiting = [...this.#entries.values()].filter(
      ({ job }) => job.collection === collection && job.state === 'queued',
    ).length;
    if (waiting < most.waiting && this.#isOpen) return;
    throw new ImagekinError('service-unavailable', {
      where: collection,
      expected: `fewer than ${most.waiting} jobs that wait`,
      got: this.#isOpen ? `${waiting}` : 'a server that is ending',
      fix: 'try again later',
    });
  }
}
