import type { Size } from '../image/image.js';

/**
 * Images with class labels: what samplers draw from and evaluations measure. One split of a source.
 *
 * Images are addressed by index in [0, length); the order is fixed for given files, so that an index means the same
 * image in every run. Implementations may hold pixels in memory or decode on demand.
 */
export interface LabelledImages {
  /** Source and split as a user types them: `cifar10:test`. */
  readonly name: string;
  readonly length: number;
  /** Name of each class, by class index. */
  readonly classNames: readonly string[];
  /** Class index of each image. */
  readonly labels: Int32Array;
  /** SHA-256 (hex) over what makes this set what it is: equal fingerprints mean equal images in equal order. */
  readonly fingerprint: string;
  /** The size its images have at home, where they share one. */
  readonly nativeSize: Size | undefined;
  /** Stable, human-readable name of an image: a relative path, `test/00042`, `twemoji/1f600`. */
  id(index: number): string;
  /**
   * Pixels of the images at `indices`, resized to `size`.
   * @returns uint8 [indices.length, size.height, size.width, 3], sRGB
   */
  pixels(indices: ArrayLike<number>, size: Size): Promise<Uint8Array>;
}

/** The two halves of a source. Whether they share classes depends on the source (`emoji` does not). */
export interface LabelledSource {
  readonly name: string;
  readonly train: LabelledImages;
  readonly test: LabelledImages;
}
