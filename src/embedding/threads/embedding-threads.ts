import { existsSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import type { Device } from '../../core/device.js';
import { unpackError } from '../../core/packed-error.js';
import { threadCount } from '../../engine/index.js';
import type { EmbeddingReply, EmbeddingRequest, EmbeddingWork } from './messages.js';

export interface EmbeddingThreadsOptions {
  /** Cores that they may use together. Default: all. */
  readonly threads?: number;
  readonly device?: Device;
}

const workerFile = new URL('./embedding-worker.js', import.meta.url);

/** Each thread holds the model twice, as a file and as it is run: no more of them than keep the files within this. */
const mostModelBytes = 128 * 2 ** 20;
const mostThreads = 8;

/**
 * Runs a model in threads of its own, a batch in each: the thread that asks stays free to read and to decode what comes next,
 * and small models, of which ONNX Runtime cannot spread one batch well, get all cores even so.
 */
export class EmbeddingThreads {
  private constructor(private readonly threads: readonly EmbeddingThread[]) {}

  /** @returns `undefined` where the code has not been compiled, as a worker cannot be started from TypeScript */
  static start(
    model: Uint8Array,
    { threads = threadCount(), device = 'cpu' }: EmbeddingThreadsOptions = {},
  ): EmbeddingThreads | undefined {
    if (!existsSync(workerFile)) return undefined;
    const copies = Math.max(1, Math.floor(mostModelBytes / model.length));
    const count = device === 'cpu' ? Math.max(1, Math.min(threads, copies, mostThreads)) : 1;
    const [share, rest] = [Math.floor(threads / count), threads % count];
    return new EmbeddingThreads(
      Array.from({ length: count }, (_, i) => {
        const work: EmbeddingWork = { model, threads: Math.max(1, share + (i < rest ? 1 : 0)), device };
        return new EmbeddingThread(work);
      }),
    );
  }

  /** How many batches are under way when all threads have work, and one each to begin with next. */
  get atOnce(): number {
    return 2 * this.threads.length;
  }

  /**
   * Embeds a batch, in the thread that has the least to do.
   * @param pixels uint8 [n, height, width, 3]; handed over, and empty here afterwards
   */
  embed(pixels: Uint8Array<ArrayBuffer>): Promise<Float32Array> {
    return this.threads.reduce((a, b) => (b.load < a.load ? b : a)).embed(pixels);
  }

  /** Ends all threads, when they are done with the batch under way. */
  async close(): Promise<void> {
    await Promise.all(this.threads.map((thread) => thread.close()));
  }
}

interface Waiting {
  resolve(embeddings: Float32Array): void;
  reject(error: Error): void;
}

class EmbeddingThread {
  readonly #worker: Worker;
  readonly #waiting: Waiting[] = [];
  readonly #exited: Promise<void>;
  #ended: Error | undefined;

  constructor(work: EmbeddingWork) {
    // Flags of the program around it, such as --input-type, are not meant for this file.
    this.#worker = new Worker(workerFile, { workerData: work, execArgv: [] });
    this.#worker.on('message', (reply: EmbeddingReply) => {
      const waiting = this.#waiting.shift();
      if ('error' in reply) waiting?.reject(unpackError(reply.error));
      else waiting?.resolve(reply.embeddings);
    });
    this.#worker.on('error', (error) => this.#end(error));
    this.#exited = new Promise((exited) => {
      this.#worker.on('exit', (code) => {
        this.#end(new Error(`the thread that embeds ended with exit code ${code}`));
        exited();
      });
    });
  }

  get load(): number {
    return this.#waiting.length;
  }

  embed(pixels: Uint8Array<ArrayBuffer>): Promise<Float32Array> {
    return new Promise((resolve, reject) => {
      if (this.#ended) return reject(this.#ended);
      this.#waiting.push({ resolve, reject });
      this.#worker.postMessage({ pixels } satisfies EmbeddingRequest, [pixels.buffer]);
    });
  }

  async close(): Promise<void> {
    this.#worker.postMessage({} satisfies EmbeddingRequest);
    await this.#exited;
  }

  #end(error: Error): void {
    this.#ended ??= error;
    for (const { reject } of this.#waiting.splice(0)) reject(this.#ended);
  }
}
