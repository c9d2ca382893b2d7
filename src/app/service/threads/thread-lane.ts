import { ImagekinError } from '../../../core/errors.js';
import { waitAtMost } from '../../../core/wait-at-most.js';
import type { MethodOptions } from '../context.js';
import { LaneThread, type Question, ThreadLost } from './lane-thread.js';
import type { ThreadData } from './messages.js';

export interface LaneOptions {
  /** Questions that the thread has in hand at a time. */
  readonly atOnce: number;
  /** Questions that wait for it. More are refused. */
  readonly waiting: number;
  /** What takes longer is given up. */
  readonly answerMs: number;
  /** A thread that says nothing for so long is replaced. */
  readonly silenceMs: number;
  readonly where: string;
  readonly file: URL;
  readonly data: ThreadData;
  readonly heapMiB?: number;
  readonly onLost?: (why: string) => void;
}

interface Waiting extends Question {
  readonly signal: AbortSignal | undefined;
  resolve(result: unknown): void;
  reject(error: unknown): void;
  readonly onAbort: () => void;
}

/** Threads that say nothing and cannot be ended, each with the memory that it holds. */
const mostSilent = 3;

/** How long the thread may take to end. */
const endMs = 10_000;

/**
 * Questions that are answered by one thread, which is started when the first comes. Where it ends or hangs, those that it had
 * in hand fail, and those that wait go to another.
 *
 * One that hangs is not ended from outside, as in the middle of a program ONNX Runtime would take the whole process with it. It
 * is told to end, does so when it can hear again, and is asked nothing any more.
 */
export class ThreadLane {
  readonly #waiting: Waiting[] = [];
  readonly #silent = new Set<LaneThread>();
  #thread: LaneThread | undefined;
  /** Questions that somebody waits for the answer of. */
  #open = 0;
  #isClosed = false;
  #whenIdle: (() => void) | undefined;

  constructor(private readonly options: LaneOptions) {}

  ask({ method, request }: Question, { signal }: MethodOptions): Promise<unknown> {
    const { where, waiting } = this.options;
    const answer = new Promise<unknown>((resolve, reject) => {
      signal?.throwIfAborted();
      if (this.#isClosed) throw unavailable(where, 'one that is being closed', 'ask again when it is served');
      if (this.#silent.size >= mostSilent)
        throw unavailable(where, `${mostSilent} threads that hang`, 'start the server again');
      if (this.#waiting.length >= waiting)
        throw unavailable(where, `${waiting} questions that wait already`, 'ask again in a moment');
      const asked: Waiting = {
        method,
        request,
        signal,
        resolve,
        reject,
        onAbort: () => {
          this.#waiting.splice(this.#waiting.indexOf(asked), 1);
          reject(signal!.reason);
        },
      };
      signal?.addEventListener('abort', asked.onAbort, { once: true });
      this.#waiting.push(asked);
      this.#dispatch();
    });
    this.#open++;
    return answer.finally(() => {
      if (--this.#open === 0) this.#whenIdle?.();
    });
  }

  /** Answers what was asked, and ends the thread. */
  async close(): Promise<void> {
    this.#isClosed = true;
    if (this.#open > 0)
      await new Promise<void>((resolve) => {
        this.#whenIdle = resolve;
      });
    const thread = this.#thread;
    this.#thread = undefined;
    thread?.end();
    await waitAtMost(Promise.all([thread, ...this.#silent].map((one) => one?.ended)), endMs);
  }

  #dispatch(): void {
    while (this.#waiting.length > 0 && (this.#thread?.asked ?? 0) < this.options.atOnce) {
      const asked = this.#waiting.shift()!;
      asked.signal?.removeEventListener('abort', asked.onAbort);
      this.#thread ??= this.#start();
      this.#give(this.#thread, asked);
    }
  }

  #give(thread: LaneThread, { signal, resolve, reject, ...question }: Waiting): void {
    const { where, answerMs } = this.options;
    let given: ReturnType<LaneThread['ask']>;
    try {
      given = thread.ask(question);
    } catch (error) {
      reject(error);
      return;
    }
    // Its place is free again when the thread has ended it, but nobody waits for that.
    const giveUp = (error: unknown) => {
      given.abort(error);
      reject(error);
    };
    const onAbort = () => giveUp(signal!.reason);
    const timer = setTimeout(
      () => giveUp(unavailable(where, `none within ${answerMs / 1000} s`, 'ask for less, or again later')),
      answerMs,
    );
    signal?.addEventListener('abort', onAbort, { once: true });
    given.answer
      .then(resolve, (error) =>
        reject(
          error instanceof ThreadLost
            ? unavailable(where, `a thread that was lost: ${error.message}`, 'ask again', error)
            : error,
        ),
      )
      .finally(() => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', onAbort);
      });
  }

  #start(): LaneThread {
    const { file, data, silenceMs, heapMiB, onLost } = this.options;
    const thread: LaneThread = new LaneThread(file, data, silenceMs, heapMiB, {
      onSettled: () => this.#dispatch(),
      onLost: (why) => {
        if (this.#thread === thread) this.#thread = undefined;
        this.#silent.add(thread);
        void thread.ended.then(() => this.#silent.delete(thread));
        onLost?.(why);
        this.#dispatch();
      },
    });
    return thread;
  }
}

function unavailable(where: string, got: string, fix: string, cause?: unknown): ImagekinError {
  return new ImagekinError('service-unavailable', { where, expected: 'an answer', got, fix, cause });
}
