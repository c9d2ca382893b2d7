import type { JobRequest } from '../../../api/index.js';
import type { OnProgress, Skipped } from '../../../core/progress.js';

/** What a job is asked for, as it is remembered. */
export type StoredRequest = JobRequest | UploadRequest;

/** The files stand in a file of their own, as there may be many. */
export interface UploadRequest {
  readonly kind: 'upload';
  readonly label?: string;
  readonly retryFailed?: boolean;
}

export type RequestOf<Kind extends StoredRequest['kind']> = Extract<StoredRequest, { readonly kind: Kind }>;

/** What a kind of job works with. */
export interface JobWork<Request> {
  /** Folder of the collection. */
  readonly directory: string;
  readonly request: Request;
  /** Absolute paths of the files that were sent; none of any other job. */
  readonly files: readonly string[];
  readonly threads?: number;
  readonly onProgress: OnProgress;
  readonly signal: AbortSignal;
}

export interface JobOutcome {
  /** `false` where the signal stopped it. */
  readonly finished: boolean;
  /** Figures of what was done. */
  readonly result: Readonly<Record<string, unknown>>;
  readonly failures: readonly Skipped[];
}

/** One kind of long work: which use case it is, and what is kept of its result. */
export interface JobKindRule<Request> {
  /** Whether it takes all cores, so that of such jobs only a few run at a time. */
  readonly isHeavy: boolean;
  run(work: JobWork<Request>): Promise<JobOutcome>;
  /** What is asked for when it is done again. Default: the same. */
  again?(request: Request): Request;
}
