import { l2Normalize, relu } from '../../engine/index.js';
import type { Size } from '../../image/image.js';
import { convolution } from '../layers/convolution.js';
import { dense } from '../layers/dense.js';
import { globalPool } from '../layers/global-pool.js';
import { inputImages } from '../layers/input-images.js';
import type { Network } from '../network.js';

export interface SeedOptions {
  readonly inputSize?: Size;
  /** Length of an embedding. */
  readonly dimension?: number;
}

/**
 * The network of the Keras example "Metric learning for image similarity search": three strided 3×3 convolutions of 32,
 * 64 and 128 channels with ReLU, the mean over the map, a linear layer, unit length.
 */
export function seed({ inputSize = { width: 32, height: 32 }, dimension = 8 }: SeedOptions = {}): Network {
  return {
    name: 'seed',
    options: { inputSize, dimension },
    inputSize,
    dimension,
    layout: 'CHWN',
    atSize: (size) => seed({ dimension, inputSize: size }),
    build(images, context) {
      let x = inputImages(context, images);
      for (const [i, width] of [32, 64, 128].entries()) {
        const scale = i === 0 ? 1 / 255 : 1;
        x = relu(convolution(context, `conv${i + 1}`, x, { width, stride: 2, scale }));
      }
      return l2Normalize(dense(context, 'embedding', globalPool(context, x, 'mean'), { width: dimension }));
    },
  };
}
