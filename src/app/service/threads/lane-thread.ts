import { Worker } from 'node:worker_threads';
import { messageOf } from '../../../core/errors.js';
import { packError, unpackError } from '../../../core/packed-error.js';
import type { FromThread, ThreadData, ToThread } from './messages.js';

export interface Question {
  readonly method: string;
  readonly request: unknown;
}

export interface ThreadEvents {
  /** What was asked has been answered, or never will be. */
  onSettled(): void;
  /** It has ended, or says nothing any more; it answers no more questions. Not called where it was told to end. */
  onLost(why: string): void;
}

interface Asked {
  resolve(result: unknown): void;
  reject(error: unknown): void;
}

/** How long a thread may take to start, on a machine with much to do. */
const startMs = 60_000;

/** Why a question in a thread was not answered. */
export class ThreadLost extends Error {
  override readonly name = 'ThreadLost';
}

/** One thread, and what it was asked. */
export class LaneThread {
  readonly #worker: Worker;
  readonly #asked = new Map<number, Asked>();
  readonly ended: Promise<void>;
  #nextId = 0;
  #heardAt = performance.now();
  /** Whether it has said anything yet. */
  #isStarted = false;
  #pings: NodeJS.Timeout | undefined;
  #isLost = false;

  /**
   * @param silenceMs a thread that is asked something and says nothing for so long is taken for lost
   * @param heapMiB what its JavaScript may hold; default what Node.js gives
   */
  constructor(
    file: URL,
    data: ThreadData,
    private readonly silenceMs: number,
    heapMiB: number | undefined,
    private readonly events: ThreadEvents,
  ) {
    // Flags of the program around it, such as --input-type, are not meant for that file.
    this.#worker = new Worker(file, {
      workerData: data,
      execArgv: [],
      ...(heapMiB !== undefined && { resourceLimits: { maxOldGenerationSizeMb: heapMiB } }),
    });
    let why = '';
    this.#worker.on('message', (message: FromThread) => this.#hear(message));
    this.#worker.on('error', (error) => {
      why = messageOf(error);
    });
    this.ended = new Promise((resolve) => {
      this.#worker.on('exit', (code) => {
        resolve();
        this.#lose(why === '' ? `exit code ${code}` : why);
      });
    });
    this.#worker.unref();
  }

  get asked(): number {
    return this.#asked.size;
  }

  /**
   * @returns the answer, and how to take the question back: the thread ends it as it sees fit
   * @throws what cannot be handed from one thread to another
   */
  ask({ method, request }: Question): { answer: Promise<unknown>; abort(reason: unknown): void } {
    const id = this.#nextId++;
    this.#send({ kind: 'ask', id, method, request });
    const answer = new Promise((resolve, reject) => this.#asked.set(id, { resolve, reject }));
    if (this.#asked.size === 1) this.#watch();
    return {
      answer,
      abort: (reason) => {
        if (this.#asked.has(id)) this.#send({ kind: 'abort', id, reason: packError(reason) });
      },
    };
  }

  /** Nothing more will be asked. */
  end(): void {
    this.#isLost = true;
    this.#unwatch();
    this.#send({ kind: 'end' });
  }

  #send(message: ToThread): void {
    this.#worker.postMessage(message);
  }

  #hear(message: FromThread): void {
    this.#heardAt = performance.now();
    this.#isStarted = true;
    if (message.kind === 'alive') return;
    const asked = this.#asked.get(message.id);
    if (!asked) return;
    this.#asked.delete(message.id);
    if (message.kind === 'answer') asked.resolve(message.result);
    else asked.reject(unpackError(message.error));
    if (this.#asked.size === 0) this.#unwatch();
    this.events.onSettled();
  }

  /** While something is asked it keeps this process alive, and is listened for. */
  #watch(): void {
    this.#worker.ref();
    this.#heardAt = performance.now();
    let pinged = false;
    this.#pings = setInterval(() => {
      const mostMs = this.#isStarted ? this.silenceMs : Math.max(this.silenceMs, startMs);
      if (pinged && performance.now() - this.#heardAt > mostMs) {
        this.#send({ kind: 'end' });
        this.#lose(`silent for ${mostMs / 1000} s`);
        return;
      }
      pinged = true;
      this.#send({ kind: 'ping' });
    }, this.silenceMs / 4);
    this.#pings.unref();
  }

  #unwatch(): void {
    clearInterval(this.#pings);
    this.#worker.unref();
  }

  #lose(why: string): void {
    this.#unwatch();
    const asked = [...this.#asked.values()];
    this.#asked.clear();
    for (const { reject } of asked) reject(new ThreadLost(why));
    if (this.#isLost) return;
    this.#isLost = true;
    this.events.onLost(why);
  }
}
