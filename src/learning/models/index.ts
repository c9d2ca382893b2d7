export { type BatchNormOptions, batchNorm } from '../layers/batch-norm.js';
export { type ConvolutionOptions, convolution } from '../layers/convolution.js';
export { type DenseOptions, dense } from '../layers/dense.js';
export type { Network, NetworkContext } from '../network.js';
export { type ConvNetOptions, convNet } from './conv-net.js';
export { type PooledBlocksOptions, pooledBlocks } from './pooled-blocks.js';
export { type Resnet9Options, resnet9 } from './resnet9.js';
export { type SeedOptions, seed } from './seed.js';
export { testTimeFlip } from './test-time-flip.js';
