import { existsSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { inOwnBuffer } from '../../core/own-buffer.js';
import { unpackError } from '../../core/packed-error.js';
import type { ImageLocation } from '../../image/image-location.js';
import type { Batch } from '../samplers/sampler.js';
import type { BatchReply, BatchRequest } from './batch-worker.js';
import type { BatchPreparation } from './prepare-batch.js';

const workerFile = new URL('./batch-worker.js', import.meta.url);

/** Threads that prepare batches. Step s goes to worker s modulo their number. */
export class BatchWorkers {
  private constructor(private readonly workers: readonly BatchWorker[]) {}

  /** Starts them; none where the code has not been compiled, as a worker cannot be started from TypeScript. */
  static start(preparation: BatchPreparation, count: number): BatchWorkers | undefined {
    if (count === 0 || !existsSync(workerFile)) return undefined;
    return new BatchWorkers(Array.from({ length: count }, () => new BatchWorker(preparation)));
  }

  /**
   * Like `prepareBatch`, in another thread. Work begins at once, even where this thread then runs a program.
   * @param source pixels, which are handed over and empty here afterwards; or the files to decode there
   * @throws what was thrown there, or how the worker ended
   */
  prepare(step: number, batch: Batch, source: Uint8Array | readonly ImageLocation[]): Promise<Uint8Array> {
    return this.workers[step % this.workers.length]!.prepare(step, batch, source);
  }

  async close(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.close()));
  }
}

interface Waiting {
  resolve(pixels: Uint8Array): void;
  reject(error: Error): void;
}

class BatchWorker {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #ended: Error | undefined;

  constructor(preparation: BatchPreparation) {
    // Flags of the program around it, such as --input-type, are not meant for this file.
    this.#worker = new Worker(workerFile, { workerData: preparation, execArgv: [] });
    this.#worker.on('message', (reply: BatchReply) => {
      const waiting = this.#waiting.get(reply.step);
      this.#waiting.delete(reply.step);
      if ('error' in reply) waiting?.reject(unpackError(reply.error));
      else waiting?.resolve(reply.pixels);
    });
    this.#worker.on('error', (error) => this.#end(error));
    this.#worker.on('exit', (code) =>
      this.#end(new Error(`the thread that prepares batches ended with exit code ${code}`)),
    );
  }

  prepare(step: number, batch: Batch, given: Uint8Array | readonly ImageLocation[]): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      if (this.#ended) return reject(this.#ended);
      this.#waiting.set(step, { resolve, reject });
      const source = given instanceof Uint8Array ? inOwnBuffer(given) : given;
      const handedOver = source instanceof Uint8Array ? [source.buffer] : [];
      this.#worker.postMessage({ step, batch, source } satisfies BatchRequest, handedOver);
    });
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  #end(error: Error): void {
    this.#ended ??= error;
    for (const { reject } of this.#waiting.values()) reject(this.#ended);
    this.#waiting.clear();
  }
}
