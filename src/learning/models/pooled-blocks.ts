import { constant, l2Normalize, multiply, subtract, type Tensor } from '../../engine/index.js';
import type { Size } from '../../image/image.js';
import { fanInUniform } from '../initializers.js';
import { type Activation, activation } from '../layers/activation.js';
import { batchNorm } from '../layers/batch-norm.js';
import { convolution } from '../layers/convolution.js';
import { dense } from '../layers/dense.js';
import { globalPool } from '../layers/global-pool.js';
import { inputImages } from '../layers/input-images.js';
import { whitening } from '../layers/whitening.js';
import type { Network, NetworkContext } from '../network.js';

export interface PooledBlocksOptions {
  readonly inputSize: Size;
  /** Length of an embedding. */
  readonly dimension: number;
  /** Channels of each block. Every block halves the map. */
  readonly widths: readonly number[];
  /** 3×3 convolutions in a block. */
  readonly depth: number;
  readonly pool: 'average' | 'max';
  readonly activation: Activation;
}

/**
 * A network for photographs, after Jordan's airbench (2024): a whitening of 2×2 patches fitted to the images, blocks of
 * 3×3 convolutions of which the first is pooled, each with batch normalisation, the largest value over the last map, and
 * a linear layer. Means of blocks come with the convolution at no cost where maxima take passes over memory.
 */
export function pooledBlocks(options: PooledBlocksOptions): Network {
  const { inputSize, dimension, widths, depth } = options;
  return {
    name: 'pooled-blocks',
    options: { ...options },
    inputSize,
    dimension,
    layout: 'HWNC',
    atSize: (size) => pooledBlocks({ ...options, inputSize: size }),
    fit: (images) => whitening.fit('whitening', images),
    build(images, context) {
      const scaled = subtract(multiply(inputImages(context, images), constant(1 / 64)), constant(2));
      let x = activation(options.activation, whitening.apply(context, 'whitening', scaled));
      for (const [i, width] of widths.entries()) {
        for (let j = 0; j < depth; j++) {
          x = convolutionBlock(context, `block${i + 1}.${j + 1}`, x, width, j === 0, options);
        }
      }
      const features = globalPool(context, x, 'max');
      return l2Normalize(
        dense(context, 'embedding', features, { width: dimension, bias: false, initializer: fanInUniform }),
      );
    },
  };
}

function convolutionBlock(
  context: NetworkContext,
  name: string,
  x: Tensor,
  width: number,
  pooled: boolean,
  options: PooledBlocksOptions,
): Tensor {
  const convolved = convolution(context, `${name}.conv`, x, {
    width,
    padding: 1,
    bias: false,
    initializer: fanInUniform,
    ...(pooled && (options.pool === 'max' ? { maxPool: 2 } : { averagePool: 2 })),
  });
  return activation(options.activation, batchNorm(context, `${name}.norm`, convolved, { momentum: 0.4 }));
}
