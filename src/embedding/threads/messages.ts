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

/** Images for it. None of either: that was all. */
export interface EmbeddingRequest {
  /** At the size of the model, one behind the other: uint8 [n, height, width, 3]. */
  readonly pixels: Uint8Array;
  /** Small JPEG files, which it brings to that size. */
  readonly jpegs: readonly Uint8Array[];
}

export interface EmbeddedImages {
  /** Of the pixels, then of the files that it could decode: float32 [images, dimension]. */
  readonly embeddings: Float32Array;
  /** For each file what there is to know of it; undefined of those that it could not decode. */
  readonly facts: readonly (ImageFacts | undefined)[];
}

/** What it answers, in the order of the batches. */
export type EmbeddingReply = EmbeddedImages | { readonly error: PackedError };
