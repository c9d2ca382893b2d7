import type { Skipped } from '../core/progress.js';
import type { Size } from '../image/image.js';
import { resizePixels } from '../image/resize.js';
import { defaultResizeRule, type ResizeRule } from '../image/resize-rule.js';
import type { LabelledImages } from './labelled-images.js';

export interface InMemoryImagesParts {
  readonly name: string;
  readonly classNames: readonly string[];
  readonly labels: Int32Array;
  readonly fingerprint: string;
  readonly nativeSize: Size;
  /** uint8 [labels.length, nativeSize.height, nativeSize.width, 3] */
  readonly data: Uint8Array;
  readonly id: (index: number) => string;
  readonly skipped?: readonly Skipped[];
}

/** Labelled images of one size whose pixels all lie in memory. */
export class InMemoryImages implements LabelledImages {
  readonly name: string;
  readonly length: number;
  readonly classNames: readonly string[];
  readonly labels: Int32Array;
  readonly fingerprint: string;
  readonly nativeSize: Size;
  readonly skipped: readonly Skipped[];
  readonly id: (index: number) => string;
  readonly #data: Uint8Array;
  #reduced: ReducedCopy | undefined;

  constructor(parts: InMemoryImagesParts) {
    this.name = parts.name;
    this.length = parts.labels.length;
    this.classNames = parts.classNames;
    this.labels = parts.labels;
    this.fingerprint = parts.fingerprint;
    this.nativeSize = parts.nativeSize;
    this.skipped = parts.skipped ?? [];
    this.id = parts.id;
    this.#data = parts.data;
  }

  async pixels(
    indices: ArrayLike<number>,
    size: Size,
    rule: ResizeRule = defaultResizeRule,
  ): Promise<Uint8Array> {
    const { width, height } = this.nativeSize;
    // Training asks for one size over and over. Reduced images are kept, since they take less room than the
    // originals; enlarged ones are made anew.
    if (size.width * size.height < width * height) {
      if (this.#reduced?.fits(size, rule) !== true)
        this.#reduced = new ReducedCopy(this.#data, this.length, this.nativeSize, size, rule);
      return this.#reduced.pixels(indices);
    }
    const native = gather(this.#data, indices, width * height * 3);
    return resizePixels(native, indices.length, this.nativeSize, size, rule);
  }
}

/** A smaller copy of a set, filled image by image as they are asked for. */
class ReducedCopy {
  readonly #data: Uint8Array;
  readonly #filled: Uint8Array;

  constructor(
    readonly source: Uint8Array,
    count: number,
    readonly sourceSize: Size,
    readonly size: Size,
    readonly rule: ResizeRule,
  ) {
    this.#data = new Uint8Array(count * size.width * size.height * 3);
    this.#filled = new Uint8Array(count);
  }

  fits({ width, height }: Size, { fit, filter, shorterSide }: ResizeRule): boolean {
    const { size, rule } = this;
    return (
      size.width === width &&
      size.height === height &&
      rule.fit === fit &&
      rule.filter === filter &&
      rule.shorterSide === shorterSide
    );
  }

  pixels(indices: ArrayLike<number>): Uint8Array {
    const sourceLength = this.sourceSize.width * this.sourceSize.height * 3;
    const length = this.size.width * this.size.height * 3;
    for (let i = 0; i < indices.length; i++) {
      const index = indices[i]!;
      if (this.#filled[index]) continue;
      const original = this.source.subarray(index * sourceLength, (index + 1) * sourceLength);
      this.#data.set(resizePixels(original, 1, this.sourceSize, this.size, this.rule), index * length);
      this.#filled[index] = 1;
    }
    return gather(this.#data, indices, length);
  }
}

function gather(data: Uint8Array, indices: ArrayLike<number>, length: number): Uint8Array {
  const gathered = new Uint8Array(indices.length * length);
  for (let i = 0; i < indices.length; i++) {
    const from = indices[i]! * length;
    gathered.set(data.subarray(from, from + length), i * length);
  }
  return gathered;
}
