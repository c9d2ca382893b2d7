import type { Job, JobFailures, JobRequest } from '../../../api/index.js';

/** Files that were sent, as they lie in the collection's folder of uploads. */
export interface Upload {
  readonly files: readonly string[];
  /** The label of all of them, where one was given. */
  readonly label?: string;
}

/**
 * Long work on collections, one job of a collection at a time, the others in turn. What has been done is remembered in the folder
 * of the collection.
 */
export interface Jobs {
  /** The newest first. */
  list(collection?: string): readonly Job[];
  get(id: string): Job | undefined;
  failures(id: string, page: { readonly offset: number; readonly limit: number }): JobFailures | undefined;
  start(collection: string, request: JobRequest): Job;
  upload(collection: string, upload: Upload): Job;
  /** Asks a job to stop; what it has done stays. @throws `wrong-usage` of one that has ended */
  cancel(id: string): Job;
  /** Does it again; of `add` and `upload`, the files that could not be used. */
  retry(id: string): Job;
  /** Tells each change of any job; call what it returns to hear no more. */
  subscribe(listener: (job: Job) => void): () => void;
  /** Lets what runs come to a safe point, and starts nothing more. */
  close(): Promise<void>;
}
