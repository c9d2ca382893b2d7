import type { Job, JobFailures, JobRequest } from '../../../api/index.js';
import type { Skipped } from '../../../core/progress.js';

/** Whether nothing more becomes of a job. */
export function hasEnded({ state }: Job): boolean {
  return state !== 'queued' && state !== 'running';
}

/** Files that were sent, as they lie in the collection's folder of uploads. */
export interface Upload {
  /** Absolute paths. */
  readonly files: readonly string[];
  /** The label of all of them, where one was given. */
  readonly label?: string;
  /** Those that were not kept, and why. */
  readonly skipped?: readonly Skipped[];
}

/**
 * Long work on collections, one job of a collection at a time, the others in turn. What has been done is remembered in the folder
 * of the collection.
 */
export interface Jobs {
  /** The newest first. */
  list(collection?: string): readonly Job[];
  get(id: string): Job | undefined;
  failures(
    id: string,
    page: { readonly offset: number; readonly limit: number },
  ): Promise<JobFailures | undefined>;
  /**
   * Takes a job on. When this returns, it is on the disk: a server that is killed goes on with it when it starts again.
   * @throws `collection-missing`; `service-unavailable` where very many wait already
   */
  start(collection: string, request: JobRequest): Promise<Job>;
  /** The same, of files that were sent. */
  upload(collection: string, upload: Upload): Promise<Job>;
  /** Asks a job to stop; what it has done stays. @throws `wrong-usage` of one that has ended, or that there is not */
  cancel(id: string): Job;
  /**
   * Does it again; of `add` and `upload`, the files that could not be used.
   * @throws `wrong-usage` of one that has not ended, or that there is not; as `start`
   */
  retry(id: string): Promise<Job>;
  /** Tells each change of any job; call what it returns to hear no more. */
  subscribe(listener: (job: Job) => void): () => void;
  /** Lets what runs come to a safe point, and starts nothing more. */
  close(): Promise<void>;
}
