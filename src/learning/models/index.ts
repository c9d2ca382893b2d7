export { type BatchNormOptions, batchNorm } from '../layers/batch-norm.js';
export { type ConvolutionOptions, convolution } from '../layers/convolution.js';
export { type DenseOptions, dense } from '../layers/dense.js';
export type { Network, NetworkContext } from '../network.js';
export { type ConvNetOptions, convNet } from './conv-net.js';
export { type SeedOptions, seed } from './seed.js';
