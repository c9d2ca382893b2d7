import { Readable } from 'node:stream';
import type { Job } from '../api/index.js';
import type { Jobs } from '../app/service/jobs/jobs.js';

export interface JobEventsOptions {
  /** Which jobs are told of. */
  readonly wants: (job: Job) => boolean;
  /** Whether nothing more is to come after a job is as it is. Default: never. */
  readonly isLast?: (job: Job) => boolean;
  /** Ends them when it is aborted. */
  readonly signal?: AbortSignal;
  /** Silence is broken by a comment, so that whoever listens knows that the server is there. */
  readonly heartbeatMs?: number;
}

const defaultHeartbeatMs = 15_000;

/**
 * Changes of jobs as server-sent events; first of all, how they are now. To whoever is slow to take them, only the last state of
 * each job is told, so that no more is held than there are jobs.
 */
export class JobEvents extends Readable {
  /** What is to be told, by the ids of the jobs. */
  readonly #untold = new Map<string, Job>();
  readonly #unsubscribe: () => void;
  readonly #heart: NodeJS.Timeout;
  readonly #isLast: (job: Job) => boolean;
  readonly #signal: AbortSignal | undefined;
  #isWanted = false;
  #isOver = false;

  constructor(
    jobs: Jobs,
    { wants, isLast = () => false, signal, heartbeatMs = defaultHeartbeatMs }: JobEventsOptions,
  ) {
    super();
    this.#isLast = isLast;
    this.#signal = signal;
    // The oldest first, as whoever listened all the time would have heard of them.
    for (const job of jobs.list().toReversed()) if (wants(job)) this.#untold.set(job.id, job);
    // Where there is no job, a comment: else whoever listens would not know for long that the connection stands.
    if (this.#untold.size === 0) this.push(':\n\n');
    this.#unsubscribe = jobs.subscribe((job) => {
      if (!wants(job)) return;
      this.#untold.set(job.id, job);
      this.#tell();
    });
    this.#heart = setInterval(() => this.#give(':\n\n'), heartbeatMs);
    this.#heart.unref();
    if (signal?.aborted) this.#end();
    else signal?.addEventListener('abort', this.#end);
  }

  override _read(): void {
    this.#isWanted = true;
    this.#tell();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#stop();
    done(error);
  }

  /** Tells nothing more, and lets the answer end. */
  readonly #end = (): void => {
    if (this.#isOver) return;
    this.#stop();
    this.push(null);
  };

  #tell(): void {
    for (const [id, job] of this.#untold) {
      if (!this.#isWanted) return;
      this.#untold.delete(id);
      this.#give(eventOf(job));
      if (!this.#isLast(job)) continue;
      this.#end();
      return;
    }
  }

  #give(text: string): void {
    if (this.#isWanted) this.#isWanted = this.push(text);
  }

  #stop(): void {
    this.#isOver = true;
    this.#signal?.removeEventListener('abort', this.#end);
    clearInterval(this.#heart);
    this.#unsubscribe();
    this.#untold.clear();
  }
}

/** Names an event, so that whoever comes back says what was heard last. */
export function eventId({ id, state }: Job): string {
  return `${id}/${state}`;
}

function eventOf(job: Job): string {
  // JSON has no line breaks in it.
  return `event: job\nid: ${eventId(job)}\ndata: ${JSON.stringify(job)}\n\n`;
}
