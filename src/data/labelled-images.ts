import type { Skipped } from '../core/progress.js';
import type { Size } from '../image/image.js';
import type { ImageLocation } from '../image/image-location.js';
import type { ResizeRule } from '../image/resize-rule.js';
import type { ImageMetadata } from './listed-image.js';

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
  /** Files that belong here but do not decode, found when the set was opened; they have no index. */
  readonly skipped: readonly Skipped[];
  /** Stable, human-readable name of an image: a relative path, `test/00042`, `twemoji/1f600`. */
  id(index: number): string;
  /**
   * Pixels of the images at `indices`, resized to `size`.
   * @param rule Default: scaled to cover it, cropped about the centre.
   * @returns uint8 [indices.length, size.height, size.width, 3], sRGB
   */
  pixels(indices: ArrayLike<number>, size: Size, rule?: ResizeRule): Promise<Uint8Array>;
  /**
   * Embeddings of the images at `indices` by a backbone, where these are the images as it sees them.
   * @returns float32 [indices.length, dimension of the backbone]
   */
  features?(indices: ArrayLike<number>): Promise<Float32Array>;
  /** The file that an image is decoded from each time: another thread can do so as well (`decodeFiles`). */
  file?(index: number): ImageLocation;
  /** What a manifest says of an image beside its label, split, id and group, where any says something. */
  metadata?(index: number): ImageMetadata;
}

/**
 * The two halves of a source. They either share one list of classes (same index, same class) or have no class in
 * common (`emoji`); `shareClasses` tells which.
 */
export interface LabelledSource {
  readonly name: string;
  readonly train: LabelledImages;
  readonly test: LabelledImages;
}

/** Whether a class index means the same class in both sets. */
export function shareClasses(a: LabelledImages, b: LabelledImages): boolean {
  return (
    a.classNames.length === b.classNames.length && a.classNames.every((name, i) => name === b.classNames[i])
  );
}

/** Number of images of each class, by class index. */
export function classCounts(images: LabelledImages): Int32Array {
  const counts = new Int32Array(images.classNames.length);
  for (const label of images.labels) counts[label]!++;
  return counts;
}
