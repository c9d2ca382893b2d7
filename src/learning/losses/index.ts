export type { EmbeddedBatch, Loss, LossParameter } from './loss.js';
export { type NormalizedSoftmaxOptions, normalizedSoftmax } from './normalized-softmax.js';
export { type PairSoftmaxOptions, pairSoftmax } from './pair-softmax.js';
export { softNearestNeighbour } from './soft-nearest-neighbour.js';
