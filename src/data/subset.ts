import { createHash } from 'node:crypto';
import type { Skipped } from '../core/progress.js';
import type { Size } from '../image/image.js';
import type { ResizeRule } from '../image/resize-rule.js';
import type { LabelledImages } from './labelled-images.js';

/** The images at `indices`, in that order, under a new name. Class indices keep their meaning. */
export function subset(images: LabelledImages, indices: ArrayLike<number>, name: string): LabelledImages {
  return new Subset(images, Int32Array.from(indices), name, images.classNames, images.labels);
}

/** The images of some classes, which are numbered anew in the order given. Images keep their order. */
export function selectClasses(
  images: LabelledImages,
  classes: readonly number[],
  name: string,
): LabelledImages {
  const renumbered = new Int32Array(images.classNames.length).fill(-1);
  classes.forEach((old, index) => {
    renumbered[old] = index;
  });
  const labels = images.labels.map((label) => renumbered[label]!);
  const indices: number[] = [];
  labels.forEach((label, index) => {
    if (label >= 0) indices.push(index);
  });
  const classNames = classes.map((old) => images.classNames[old]!);
  return new Subset(images, Int32Array.from(indices), name, classNames, labels);
}

class Subset implements LabelledImages {
  readonly length: number;
  readonly labels: Int32Array;
  readonly nativeSize: Size | undefined;
  readonly skipped: readonly Skipped[];
  readonly file: LabelledImages['file'];
  readonly features: LabelledImages['features'];
  readonly metadata: LabelledImages['metadata'];
  #fingerprint: string | undefined;

  constructor(
    private readonly base: LabelledImages,
    private readonly indices: Int32Array,
    readonly name: string,
    readonly classNames: readonly string[],
    /** Class index of each image of `base`. */
    labels: Int32Array,
  ) {
    this.length = indices.length;
    this.labels = indices.map((index) => labels[index]!);
    this.nativeSize = base.nativeSize;
    this.skipped = base.skipped;
    this.metadata = base.metadata && ((index) => base.metadata!(indices[index]!));
    this.file = base.file && ((index) => base.file!(indices[index]!));
    this.features =
      base.features && ((chosen) => base.features!(Int32Array.from(chosen, (index) => indices[index]!)));
  }

  get fingerprint(): string {
    this.#fingerprint ??= createHash('sha256')
      .update(this.base.fingerprint)
      .update(this.indices)
      .update(this.labels)
      .update(JSON.stringify(this.classNames))
      .digest('hex');
    return this.#fingerprint;
  }

  id(index: number): string {
    return this.base.id(this.indices[index]!);
  }

  pixels(indices: ArrayLike<number>, size: Size, rule?: ResizeRule): Promise<Uint8Array> {
    return this.base.pixels(
      Int32Array.from(indices, (index) => this.indices[index]!),
      size,
      rule,
    );
  }
}
