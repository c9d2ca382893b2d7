import type { Problem } from '../../../api/index.js';
import { isAlive } from '../../../core/is-alive.js';
import { removeLeftovers, unfinishedIn } from '../../collection/leftovers.js';
import { uploadsFolder } from '../images/originals.js';
import { jobProblem } from './job-problem.js';
import { JobQueue, type QueueOptions } from './job-queue.js';
import { JobStore, type LoadedRecord } from './job-store.js';
import type { Jobs } from './jobs.js';

export interface JobsOptions {
  /** Of jobs that take all cores, how many run at a time, over all collections. Default 1. */
  readonly heavyAtOnce?: number;
  /** Cores that a job may use. Default: all. */
  readonly threads?: number;
  /** How an error is told of. Default: by its code, as status 500. */
  readonly problemOf?: (error: unknown) => Problem;
  /** Is told what goes wrong with remembering jobs, which ends none. */
  readonly onError?: (error: unknown) => void;
}

/** What a collection must be known by for jobs on it. */
export interface JobCollection {
  readonly name: string;
  readonly directory: string;
}

/** Of a job that another process has: as long as that has said so lately, it is there. */
const toldWithinMs = 60_000;

/**
 * Takes up the jobs of some collections. Those that waited when the last server ended are gone on with; those that ran then are
 * `interrupted`.
 * @param collections by the names that requests have
 */
export async function openJobs(
  collections: ReadonlyMap<string, JobCollection>,
  options: JobsOptions = {},
): Promise<Jobs> {
  const { heavyAtOnce = 1, threads, problemOf = jobProblem, onError = () => {} } = options;
  const stores = new Map(
    [...collections].map(([name, { directory }]) => [name, { directory, store: new JobStore(directory) }]),
  );
  const queueOptions: QueueOptions = { heavyAtOnce, threads, problemOf, onError, isElsewhere };
  const queue = new JobQueue(stores, queueOptions);
  for (const [name, { directory, store }] of stores) {
    // What was being sent or written when the last server was killed. Nothing is now, so ours are of one with our number.
    const unfinished = await unfinishedIn(
      [uploadsFolder({ directory }), store.directory],
      (pid) => pid === process.pid,
    );
    await removeLeftovers(unfinished);
    for (const record of await store.load()) await queue.takeUp(name, record);
  }
  queue.begin();
  return queue;
}

/** Numbers of processes are given again, so it must have been claimed lately, too. */
function isElsewhere({ pid, writtenMs }: LoadedRecord): boolean {
  return pid !== process.pid && isAlive(pid) && Date.now() - writtenMs < toldWithinMs;
}
