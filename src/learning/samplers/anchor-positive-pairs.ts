import { classBalanced, type Draws } from './class-balanced.js';
import type { SamplerPlan } from './sampler.js';

export interface AnchorPositivePairsOptions {
  /** Classes in a batch, one pair of each. All classes if left out or if there are fewer. */
  readonly classesPerBatch?: number;
  /** Whether images have their turns or are drawn anew for each batch. Default `independent`, as in the Keras example. */
  readonly draws?: Draws;
}

/**
 * One pair of different images per class of the batch, as in the Keras example: class-balanced sampling of two images,
 * the anchors first, then their positives in the same order.
 */
export function anchorPositivePairs(options: AnchorPositivePairsOptions = {}): SamplerPlan {
  const { classesPerBatch, draws = 'independent' } = options;
  return {
    ...classBalanced({ imagesPerClass: 2, draws, ...(classesPerBatch !== undefined && { classesPerBatch }) }),
    name: 'anchor-positive-pairs',
    options: { classesPerBatch: classesPerBatch ?? 'all', draws },
  };
}
