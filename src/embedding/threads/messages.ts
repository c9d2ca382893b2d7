import type { Device } from '../../core/device.js';
import type { PackedError } from '../../core/packed-error.js';

/** What a thread is started with. */
export interface EmbeddingWork {
  /** The model, an ONNX file. */
  readonly model: Uint8Array;
  readonly threads: number;
  readonly device?: Device;
}

/** A batch for it; no pixels: that was all. */
export interface EmbeddingRequest {
  readonly pixels?: Uint8Array;
}

/** What it answers, in the order of the batches. */
export type EmbeddingReply = { readonly embeddings: Float32Array } | { readonly error: PackedError };
