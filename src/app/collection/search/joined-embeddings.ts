import type { Embedder } from '../../../embedding/embedder.js';

interface Waiting {
  readonly pixels: Uint8Array;
  resolve(vector: Float32Array): void;
  reject(error: unknown): void;
}

/** Images of one batch. */
const mostAtOnce = 8;

/**
 * Embeds for many that ask at once: images that come while others are being embedded are the next batch. A batch takes as long as its
 * images one by one, but what then searches by them searches together.
 */
export class JoinedEmbeddings {
  readonly #waiting: Waiting[] = [];
  #isBusy = false;

  constructor(private readonly embedder: Pick<Embedder, 'embed' | 'dimension'>) {}

  /** @param pixels uint8 [height, width, 3] of the model's size @returns float32 [dimension] */
  embed(pixels: Uint8Array): Promise<Float32Array> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ pixels, resolve, reject });
      if (!this.#isBusy) void this.#work();
    });
  }

  async #work(): Promise<void> {
    this.#isBusy = true;
    while (this.#waiting.length > 0) await this.#together(this.#waiting.splice(0, mostAtOnce));
    this.#isBusy = false;
  }

  async #together(some: readonly Waiting[]): Promise<void> {
    const { dimension } = this.embedder;
    try {
      const batch = some.length === 1 ? some[0]!.pixels : Buffer.concat(some.map(({ pixels }) => pixels));
      const vectors = await this.embedder.embed(batch);
      for (const [i, { resolve }] of some.entries())
        resolve(vectors.slice(i * dimension, (i + 1) * dimension));
    } catch (error) {
      for (const { reject } of some) reject(error);
    }
  }
}
