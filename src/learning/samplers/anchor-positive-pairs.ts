import { classBalanced } from './class-balanced.js';
import type { SamplerPlan } from './sampler.js';

export interface AnchorPositivePairsOptions {
  /** Classes in a batch, one pair of each. All classes if left out or if there are fewer. */
  readonly classesPerBatch?: number;
}

/**
 * One pair of different images per class of the batch, as in the Keras example: class-balanced sampling of two images,
 * the anchors first, then their positives in the same order.
 */
export function anchorPositivePairs({ classesPerBatch }: AnchorPositivePairsOptions = {}): SamplerPlan {
  return {
    ...classBalanced({ imagesPerClass: 2, ...(classesPerBatch !== undefined && { classesPerBatch }) }),
    name: 'anchor-positive-pairs',
    options: { classesPerBatch: classesPerBatch ?? 'all' },
  };
}
