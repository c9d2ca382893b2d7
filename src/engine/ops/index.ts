/** The operations that graphs are built of. */
export { add } from './add.js';
export { averagePool } from './average-pool.js';
export { type BatchNormalization, batchNormalization } from './batch-normalization.js';
export { cast } from './cast.js';
export { concat, split } from './concat.js';
export { constant } from './constant.js';
export { type Conv2dOptions, conv2d } from './conv2d/conv2d.js';
export {
  batchAxis,
  channelAxis,
  channelsLast,
  type Layout,
  perChannelShape,
  portableLayout,
  spatialAxes,
} from './conv2d/geometry.js';
export { divide } from './divide.js';
export { dropout } from './dropout.js';
export { equal } from './equal.js';
export { erf } from './erf.js';
export { erfSigmoid } from './erf-sigmoid.js';
export { exp } from './exp.js';
export { gather, scatterAdd } from './gather.js';
export { gatherElements, scatterElements } from './gather-elements.js';
export { gelu } from './gelu.js';
export { greater } from './greater.js';
export { input } from './input.js';
export { l2Normalize } from './l2-normalize.js';
export { largestByteProducts } from './largest-byte-products.js';
export { log } from './log.js';
export { logSoftmax } from './log-softmax.js';
export { type Matrix, mapAxis } from './map-axis.js';
export { type MatmulOptions, matmul } from './matmul.js';
export { max } from './max.js';
export { maxOfBlocks } from './max-of-blocks.js';
export { maxPool, type PoolOptions } from './max-pool.js';
export { maximum } from './maximum.js';
export { mean } from './mean.js';
export { multiply } from './multiply.js';
export { negate } from './negate.js';
export { isNoise, noise } from './noise.js';
export { parameter } from './parameter.js';
export { dequantize, quantize } from './quantize.js';
export { recomputed } from './recomputed.js';
export type { ReductionOptions } from './reduction.js';
export { relu } from './relu.js';
export { reshape } from './reshape.js';
export { reverse } from './reverse.js';
export { sigmoid } from './sigmoid.js';
export { silu } from './silu.js';
export { slice } from './slice.js';
export { softmax } from './softmax.js';
export { softplus } from './softplus.js';
export { sqrt } from './sqrt.js';
export { square } from './square.js';
export { step } from './step.js';
export { stopGradient } from './stop-gradient.js';
export { subtract } from './subtract.js';
export { broadcastTo, sum, sumTo } from './sum.js';
export { type TopK, topK } from './top-k.js';
export { transpose } from './transpose.js';
export { zeros } from './zeros.js';
