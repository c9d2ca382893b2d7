import type { Device } from '../../core/device.js';
import type { PackedError } from '../../core/packed-error.js';
import type { ImageFacts } from '../../image/decoded-image.js';
import type { Size } from '../../image/image.js';
import type { ResizeRule } from '../../image/resize-rule.js';

/** What a thread is started with. */
export interface EmbeddingWork {
  /** The model, an ONNX file in the form that is fastest here, and what it takes. */
  readonly model: Uint8Array;
  readonly inputSize: Size;
  readonly resize: ResizeRule;
  readonly threads: number;
  readonly device?: Device;
}

/** An image for it: pixels at the size of the model, or a small JPEG file, which it brings to that size. */
export interface ImageForThread {
  readonly kind: 'pixels' | 'jpeg';
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** A batch of images, or that there are no more. */
export type EmbeddingRequest = readonly ImageForThread[] | 'end';

export interface EmbeddedImages {
  /** For each image whether it could be decoded. */
  readonly decoded: readonly boolean[];
  /** Of those, in their order: float32 [images, dimension]. */
  readonly embeddings: Float32Array;
  /** For each image, where it is a file that was decoded, what there is to know of it. */
  readonly facts: readonly (ImageFacts | undefined)[];
}

/** What it answers, in the order of the batches. */
export type EmbeddingReply = EmbeddedImages | { readonly error: PackedError };
