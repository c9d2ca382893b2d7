export type { EmbeddedBatch, Loss } from './loss.js';
export { type PairSoftmaxOptions, pairSoftmax } from './pair-softmax.js';
export { softNearestNeighbour } from './soft-nearest-neighbour.js';
