import { copyFile, mkdir, open, readdir, readFile, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { type Job, type JobFailures, jobKinds, jobStates } from '../../../api/index.js';
import { writeChunksAtomic, writeFileAtomic } from '../../../core/files.js';
import { jsonLine, jsonObjectOf } from '../../../core/json-lines.js';
import type { Skipped } from '../../../core/progress.js';
import type { StoredRequest } from './job-kind.js';

const version = 1;

/** What is remembered of a job. */
export interface JobRecord {
  readonly job: Job;
  readonly request: StoredRequest;
  /** The process that has it. */
  readonly pid: number;
}

export interface LoadedRecord extends JobRecord {
  /** When it was last written, in milliseconds since 1970. */
  readonly writtenMs: number;
}

/**
 * The jobs of a collection, in `jobs/` in its folder: `<id>.json` what is known of one, `<id>.files.jsonl` the files that were sent
 * for it, `<id>.failures.jsonl` those that could not be used. All may be deleted at any time.
 */
export class JobStore {
  readonly directory: string;

  constructor(collection: string) {
    this.directory = join(collection, 'jobs');
  }

  /** Those that can be read, in the order of their ids. */
  async load(): Promise<LoadedRecord[]> {
    const names = await readdir(this.directory).catch(() => []);
    const records: LoadedRecord[] = [];
    for (const name of names.filter((name) => /^[0-9a-z]+-[0-9a-f]+\.json$/.test(name)).sort()) {
      const record = await this.read(name.slice(0, -'.json'.length));
      if (record) records.push(record);
    }
    return records;
  }

  /** `undefined` where there is none, or one that cannot be read. */
  async read(id: string): Promise<LoadedRecord | undefined> {
    const path = this.#path(id, 'json');
    const [text, stats] = await Promise.all([readFile(path, 'utf8'), stat(path)]).catch(() => []);
    const record = text === undefined ? undefined : recordOf(text);
    return record && stats && record.job.id === id ? { ...record, writtenMs: stats.mtimeMs } : undefined;
  }

  async write({ job, request, pid }: JobRecord): Promise<void> {
    await writeFileAtomic(this.#path(job.id, 'json'), `${JSON.stringify({ version, job, request, pid })}\n`);
  }

  /** Says that whoever has a job is there, as long as anything is known of the job. */
  async touch(id: string): Promise<void> {
    const now = new Date();
    await utimes(this.#path(id, 'json'), now, now).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
    });
  }

  async writeFiles(id: string, files: readonly string[]): Promise<void> {
    await writeChunksAtomic(
      this.#path(id, 'files.jsonl'),
      files.map((path) => `${jsonLine({ path })}\n`),
    );
  }

  /** Gives one job the files that were sent for another. */
  async copyFiles(from: string, to: string): Promise<void> {
    await mkdir(this.directory, { recursive: true });
    await copyFile(this.#path(from, 'files.jsonl'), this.#path(to, 'files.jsonl'));
  }

  async files(id: string): Promise<string[]> {
    const text = await readFile(this.#path(id, 'files.jsonl'), 'utf8').catch(() => '');
    return text.split('\n').flatMap((line) => {
      const path = jsonObjectOf(line)?.path;
      return typeof path === 'string' ? [path] : [];
    });
  }

  async writeFailures(id: string, failures: readonly Skipped[]): Promise<void> {
    const path = this.#path(id, 'failures.jsonl');
    if (failures.length === 0) await rm(path, { force: true });
    else await writeChunksAtomic(path, linesOf(failures));
  }

  /** Some of the failures, and how many there are: read through, never held. */
  async failures(
    id: string,
    { offset, limit }: { readonly offset: number; readonly limit: number },
  ): Promise<JobFailures> {
    const failures: { path: string; reason: string }[] = [];
    let total = 0;
    const file = await open(this.#path(id, 'failures.jsonl')).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
    if (file === undefined) return { total, failures };
    // Closes the file when it has been read.
    for await (const line of file.readLines()) {
      if (total >= offset && failures.length < limit) {
        const { path, reason } = jsonObjectOf(line) ?? {};
        failures.push({ path: String(path), reason: String(reason) });
      }
      total++;
    }
    return { total, failures };
  }

  async remove(id: string): Promise<void> {
    // The record last: what is left of a removal that was cut short is removed the next time.
    for (const ending of ['failures.jsonl', 'files.jsonl', 'json'])
      await rm(this.#path(id, ending), { force: true });
  }

  #path(id: string, ending: string): string {
    return join(this.directory, `${id}.${ending}`);
  }
}

function* linesOf(failures: readonly Skipped[]): Generator<string> {
  for (let at = 0; at < failures.length; at += 1000)
    yield failures
      .slice(at, at + 1000)
      .map(({ path, reason }) => `${jsonLine({ path, reason })}\n`)
      .join('');
}

function recordOf(text: string): JobRecord | undefined {
  const { version: written, job, request, pid } = jsonObjectOf(text) ?? {};
  // Written whole or not at all, so that its version says what is in it.
  if (written !== version || typeof pid !== 'number') return undefined;
  const { id, kind, state } = (job ?? {}) as Partial<Job>;
  const isKnown = jobKinds.some((known) => known === kind) && jobStates.some((known) => known === state);
  if (typeof id !== 'string' || !isKnown || (request as Partial<StoredRequest> | null)?.kind !== kind)
    return undefined;
  return { job: job as Job, request: request as StoredRequest, pid };
}
