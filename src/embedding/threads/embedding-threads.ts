import { existsSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import type { Device } from '../../core/device.js';
import { unpackError } from '../../core/packed-error.js';
import { threadCount } from '../../engine/index.js';
import { fastestForm } from '../../engine/onnx-file/fastest-form.js';
import { type EmbeddedImage, joinedPixels, type LoadedImage, rowsOf } from '../loaded-image.js';
import type { ModelFile } from '../model-file.js';
import type { EmbeddedImages, EmbeddingReply, EmbeddingRequest, EmbeddingWork } from './messages.js';

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
 * and small models, of which ONNX Runtime cannot spread one batch well, get all cores even so. Small JPEG files are decoded
 * there as well: the way of their pixels through a process would take longer than that.
 */
export class EmbeddingThreads {
  private constructor(private readonly threads: readonly EmbeddingThread[]) {}

  /** @returns `undefined` where the code has not been compiled, as a worker cannot be started from TypeScript */
  static start(
    { bytes, inputSize, resize }: Pick<ModelFile, 'bytes' | 'inputSize' | 'resize'>,
    { threads = threadCount(), device = 'cpu' }: EmbeddingThreadsOptions = {},
  ): EmbeddingThreads | undefined {
    if (!existsSync(workerFile)) return undefined;
    const model = fastestForm(bytes, device);
    const copies = Math.max(1, Math.floor(mostModelBytes / model.length));
    const count = device === 'cpu' ? Math.max(1, Math.min(threads, copies, mostThreads)) : 1;
    const [share, rest] = [Math.floor(threads / count), threads % count];
    return new EmbeddingThreads(
      Array.from({ length: count }, (_, i) => {
        const ofThis = Math.max(1, share + (i < rest ? 1 : 0));
        return new EmbeddingThread({ model, inputSize, resize, threads: ofThis, device });
      }),
    );
  }

  /** How many batches are under way when all threads have work, and one each to begin with next. */
  get atOnce(): number {
    return 2 * this.threads.length;
  }

  /**
   * Embeds a batch, in the thread that has the least to do. The bytes of files are handed over and empty here afterwards.
   * @returns for each image its vector; undefined of a file that is damaged
   */
  async embed(images: readonly LoadedImage[]): Promise<(EmbeddedImage | undefined)[]> {
    const thread = this.threads.reduce((a, b) => (b.load < a.load ? b : a));
    const pixels = joinedPixels(images.flatMap((image) => ('pixels' in image ? [image.pixels] : [])));
    const jpegs = images.flatMap((image) => ('jpeg' in image ? [image.jpeg] : []));
    const { embeddings, facts } = await thread.embed({ pixels, jpegs });
    const decoded = facts.filter((of) => of !== undefined);
    const vectors = rowsOf(embeddings, images.length - jpegs.length + decoded.length);
    const ofJpegs = vectors.splice(images.length - jpegs.length);
    const factsOfJpegs = facts.values();
    return images.map((image) => {
      if ('pixels' in image) return { vector: vectors.shift()!, facts: image.facts };
      const { value: known } = factsOfJpegs.next();
      return known && { vector: ofJpegs.shift()!, facts: known };
    });
  }

  /** Ends all threads, when they are done with the batch under way. */
  async close(): Promise<void> {
    await Promise.all(this.threads.map((thread) => thread.close()));
  }
}

interface Waiting {
  resolve(embedded: EmbeddedImages): void;
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
      else waiting?.resolve(reply);
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

  embed(request: EmbeddingRequest): Promise<EmbeddedImages> {
    return new Promise((resolve, reject) => {
      if (this.#ended) return reject(this.#ended);
      this.#waiting.push({ resolve, reject });
      const handedOver = [request.pixels, ...request.jpegs].filter(ownsItsMemory);
      this.#worker.postMessage(
        request,
        handedOver.map(({ buffer }) => buffer as ArrayBuffer),
      );
    });
  }

  async close(): Promise<void> {
    this.#worker.postMessage({ pixels: new Uint8Array(0), jpegs: [] } satisfies EmbeddingRequest);
    await this.#exited;
  }

  #end(error: Error): void {
    this.#ended ??= error;
    for (const { reject } of this.#waiting.splice(0)) reject(this.#ended);
  }
}

/** Small buffers are parts of one that Node keeps; of those, a copy goes. */
function ownsItsMemory({ byteLength, buffer }: Uint8Array): boolean {
  return byteLength === buffer.byteLength;
}
