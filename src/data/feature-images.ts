import { createHash } from 'node:crypto';
import type { Skipped } from '../core/progress.js';
import type { Size } from '../image/image.js';
import type { ResizeRule } from '../image/resize-rule.js';
import type { LabelledImages } from './labelled-images.js';

/** Labelled images with their embeddings by a backbone in memory, for what stands on it. */
export class FeatureImages implements LabelledImages {
  readonly name: string;
  readonly length: number;
  readonly classNames: readonly string[];
  readonly labels: Int32Array;
  readonly fingerprint: string;
  readonly nativeSize: Size | undefined;
  readonly skipped: readonly Skipped[];
  readonly #dimension: number;

  /**
   * @param vectors float32 [images.length, dimension]
   * @param backbone id of the model: images as another one sees them are other images
   */
  constructor(
    private readonly images: LabelledImages,
    private readonly vectors: Float32Array,
    backbone: string,
  ) {
    this.name = images.name;
    this.length = images.length;
    this.classNames = images.classNames;
    this.labels = images.labels;
    this.nativeSize = images.nativeSize;
    this.skipped = images.skipped;
    this.fingerprint = createHash('sha256').update(`${images.fingerprint} ${backbone}`).digest('hex');
    this.#dimension = vectors.length / images.length;
  }

  id(index: number): string {
    return this.images.id(index);
  }

  pixels(indices: ArrayLike<number>, size: Size, rule?: ResizeRule): Promise<Uint8Array> {
    return this.images.pixels(indices, size, rule);
  }

  async features(indices: ArrayLike<number>): Promise<Float32Array> {
    const rows = new Float32Array(indices.length * this.#dimension);
    for (let i = 0; i < indices.length; i++) {
      const from = indices[i]! * this.#dimension;
      rows.set(this.vectors.subarray(from, from + this.#dimension), i * this.#dimension);
    }
    return rows;
  }
}
