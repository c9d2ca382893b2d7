import type { Described } from '../network.js';

/** The images of one training step. */
export interface Batch {
  /** Indices into the training images. */
  readonly indices: Int32Array;
  /** Class index of each. */
  readonly labels: Int32Array;
  /** How many times all images had been gone through before, for each; only where the sampler goes through them so. */
  readonly passes?: Int32Array;
}

/**
 * Chooses the images of every step. A batch is a function of its number alone: a resumed run, or one that prepares batches
 * in another order, sees the same ones.
 */
export interface BatchSampler {
  /** Images in every batch. */
  readonly batchSize: number;
  /** Images of each class in a batch; `undefined` where it is not the same for all. */
  readonly imagesPerClass: number | undefined;
  /** Batches that show every image at least once; `undefined` where images are drawn and nothing is sure. */
  readonly batchesPerEpoch: number | undefined;
  batch(step: number): Batch;
}

/** The labels that a sampler draws from. */
export interface SampledLabels {
  /** Class index of each training image. */
  readonly labels: Int32Array;
  readonly classNames: readonly string[];
}

/** Makes a sampler for labelled images. */
export interface SamplerPlan extends Described {
  /** @throws `too-few-images` where the images cannot be sampled this way */
  prepare(images: SampledLabels, seed: number): BatchSampler;
}
