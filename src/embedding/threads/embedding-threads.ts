import { existsSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import type { Device } from '../../core/device.js';
import { inOwnBuffer } from '../../core/own-buffer.js';
import { unpackError } from '../../core/packed-error.js';
import { threadCount } from '../../engine/index.js';
import { fastestForm } from '../../engine/onnx-file/fastest-form.js';
import { type EmbeddedImage, type LoadedImage, rowsOf } from '../loaded-image.js';
import type { ModelFile } from '../model-file.js';
import type {
  EmbeddedImages,
  EmbeddingReply,
  EmbeddingRequest,
  EmbeddingWork,
  ImageForThread,
} from './messages.js';

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
  private constructor(
    private readonly threads: readonly EmbeddingThread[],
    /** Whether they decode files as well: where they are as many as cores, as otherwise cores would wait for one that decodes. */
    readonly takesFiles: boolean,
  ) {}

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
      device === 'cpu' && count === Math.min(threads, mostThreads),
    );
  }

  /** How many batches are under way when all threads have work, and one each to begin with next. */
  get atOnce(): number {
    return 2 * this.threads.length;
  }

  /**
   * Embeds a batch, in the thread that has the least to do. Files, and pixels that can be transferred, are empty here afterwards.
   * @returns for each image its vector; undefined of a file that is damaged
   */
  async embed(images: readonly LoadedImage[]): Promise<(EmbeddedImage | undefined)[]> {
    const thread = this.threads.reduce((a, b) => (b.load < a.load ? b : a));
    const { decoded, embeddings, facts } = await thread.embed(images.map(forThread));
    const vectors = rowsOf(embeddings, decoded.filter(Boolean).length).values();
    return images.map((image, i): EmbeddedImage | undefined =>
      decoded[i]
        ? { vector: vectors.next().value!, facts: 'pixels' in image ? image.facts : facts[i] }
        : undefined,
    );
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

  embed(images: readonly ImageForThread[]): Promise<EmbeddedImages> {
    return new Promise((resolve, reject) => {
      if (this.#ended) return reject(this.#ended);
      this.#worker.postMessage(
        images satisfies EmbeddingRequest,
        images.map(({ bytes }) => bytes.buffer),
      );
      // Not before it has gone: answers come in the order of what was asked.
      this.#waiting.push({ resolve, reject });
    });
  }

  async close(): Promise<void> {
    this.#worker.postMessage('end' satisfies EmbeddingRequest);
    await this.#exited;
  }

  #end(error: Error): void {
    this.#ended ??= error;
    for (const { reject } of this.#waiting.splice(0)) reject(this.#ended);
  }
}

/** With bytes that can be handed over. */
function forThread(image: LoadedImage): ImageForThread {
  return 'jpeg' in image
    ? { kind: 'jpeg', bytes: inOwnBuffer(image.jpeg) }
    : {
        kind: 'pixels',
        bytes: image.isTransferable ? inOwnBuffer(image.pixels) : new Uint8Array(image.pixels),
      };
}
