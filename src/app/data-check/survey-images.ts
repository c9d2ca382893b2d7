import type { OnProgress } from '../../core/progress.js';
import type { ListedImage, Listing } from '../../data/listed-image.js';
import type { Embedder } from '../../embedding/embedder.js';
import type { DecodePool } from '../../image/decode-pool.js';
import type { Size } from '../../image/image.js';
import type { PerceptualPrint } from '../../image/perceptual-hash.js';
import { examineImage } from './examine-image.js';

/** An image that decodes, and what is known of it: little enough for very many. */
export interface SurveyedImage {
  readonly listed: ListedImage;
  readonly sha256: string;
  readonly print: PerceptualPrint;
  /** In pixels, turned upright. */
  readonly size: Size;
}

/** A file that is listed but cannot be used. */
export interface UnusableImage {
  readonly listed: ListedImage;
  readonly empty: boolean;
  readonly reason: string;
}

/** One walk through all images. */
export interface Survey {
  /** In the order of their source. */
  readonly images: readonly SurveyedImage[];
  readonly unusable: readonly UnusableImage[];
  /** float32 [images.length, dimension], unit length; where there is a model. */
  readonly embeddings: Float32Array | undefined;
}

export interface SurveyOptions {
  /** What progress calls it. */
  readonly name: string;
  /** What decodes. */
  readonly pool: DecodePool;
  readonly embedder?: Embedder;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

const batchSize = 64;

/** Looks at every file once, a few at a time. Pixels are kept for one batch of the model, and dropped. */
export async function surveyImages(listing: Listing, options: SurveyOptions): Promise<Survey> {
  const { name, pool, embedder, onProgress, signal } = options;
  const found: (SurveyedImage & { readonly order: number })[] = [];
  const unusable: (UnusableImage & { readonly order: number })[] = [];
  const rows = embedder && new EmbeddingRows(embedder);
  const iterator = listing[Symbol.asyncIterator]();
  let listedCount = 0;
  let done = 0;
  let stopped = false;
  const lane = async () => {
    while (!stopped) {
      signal?.throwIfAborted();
      const order = listedCount++;
      const { value: listed, done: ended } = await iterator.next();
      if (ended) return;
      const seen = await examineImage(pool, listed.location, embedder);
      if ('reason' in seen) unusable.push({ listed, order, ...seen });
      else {
        const { pixels, ...kept } = seen;
        found.push({ listed, order, ...kept });
        if (rows && pixels) await rows.add(pixels);
      }
      onProgress?.({ task: `checking ${name}`, done: ++done, unit: 'images' });
    }
  };
  const lanes = Array.from({ length: pool.atOnce }, () =>
    lane().catch((error: unknown) => {
      stopped = true;
      throw error;
    }),
  );
  for (const outcome of await Promise.allSettled(lanes))
    if (outcome.status === 'rejected') throw outcome.reason;
  await rows?.flush();
  const inOrder = found.map((_, row) => row).sort((a, b) => found[a]!.order - found[b]!.order);
  return {
    images: inOrder.map((row) => {
      const { order, ...image } = found[row]!;
      return image;
    }),
    unusable: unusable.sort((a, b) => a.order - b.order).map(({ order, ...image }) => image),
    embeddings: rows?.inOrder(inOrder),
  };
}

/** Vectors of images in the order in which they come, embedded a batch at a time. */
class EmbeddingRows {
  private readonly pixelCount: number;
  private batch: Uint8Array;
  private waiting = 0;
  private vectors = new Float32Array(0);
  private count = 0;
  private last: Promise<void> = Promise.resolve();

  constructor(private readonly embedder: Embedder) {
    const { width, height } = embedder.inputSize;
    this.pixelCount = width * height * 3;
    this.batch = new Uint8Array(batchSize * this.pixelCount);
  }

  /** Rows are numbered in the order of the calls, whenever they are embedded. */
  async add(pixels: Uint8Array): Promise<void> {
    this.batch.set(pixels, this.waiting++ * this.pixelCount);
    if (this.waiting === batchSize) await this.flush();
  }

  flush(): Promise<void> {
    const { batch, waiting } = this;
    this.batch = new Uint8Array(batchSize * this.pixelCount);
    this.waiting = 0;
    this.last = this.last.then(() => this.embed(batch.subarray(0, waiting * this.pixelCount), waiting));
    return this.last;
  }

  private async embed(pixels: Uint8Array, images: number): Promise<void> {
    if (images === 0) return;
    const vectors = await this.embedder.embed(pixels);
    const at = this.count * this.embedder.dimension;
    if (at + vectors.length > this.vectors.length) {
      const grown = new Float32Array(Math.max(2 * this.vectors.length, at + vectors.length));
      grown.set(this.vectors.subarray(0, at));
      this.vectors = grown;
    }
    this.vectors.set(vectors, at);
    this.count += images;
  }

  inOrder(rows: readonly number[]): Float32Array {
    const { dimension } = this.embedder;
    const ordered = new Float32Array(rows.length * dimension);
    for (const [to, from] of rows.entries())
      ordered.set(this.vectors.subarray(from * dimension, (from + 1) * dimension), to * dimension);
    return ordered;
  }
}
