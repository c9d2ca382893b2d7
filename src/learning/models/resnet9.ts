import {
  add,
  channelAxis,
  constant,
  l2Normalize,
  maxPool,
  multiply,
  relu,
  type Tensor,
} from '../../engine/index.js';
import type { Size } from '../../image/image.js';
import { fanInUniform } from '../initializers.js';
import { batchNorm } from '../layers/batch-norm.js';
import { convolution } from '../layers/convolution.js';
import { dense } from '../layers/dense.js';
import { globalPool } from '../layers/global-pool.js';
import { inputImages } from '../layers/input-images.js';
import type { Network, NetworkContext } from '../network.js';

export interface Resnet9Options {
  readonly inputSize?: Size;
  /** Length of an embedding. Default 128. */
  readonly dimension?: number;
  /** Channels of the first convolution; later ones have 2, 4 and 8 times as many. Default 64. */
  readonly width?: number;
}

/**
 * ResNet-9, the small residual network of the DAWNBench CIFAR-10 entries (Page 2018): eight 3×3 convolutions with batch
 * normalisation and ReLU, two residual blocks, the largest value over the last map, and a linear layer.
 */
export function resnet9(options: Resnet9Options = {}): Network {
  const { inputSize = { width: 32, height: 32 }, dimension = 128, width = 64 } = options;
  return {
    name: 'resnet9',
    options: { inputSize, dimension, width },
    inputSize,
    dimension,
    layout: 'HWNC',
    atSize: (size) => resnet9({ ...options, inputSize: size }),
    build(images, context) {
      const pooled = (x: Tensor) => maxPool(x, { layout: context.layout, size: 2 });
      let x = add(multiply(inputImages(context, images), constant(1 / 64)), constant(-2));
      x = block(context, 'prepare', x, width);
      x = residual(context, 'layer1', pooled(block(context, 'layer1', x, 2 * width)));
      x = pooled(block(context, 'layer2', x, 4 * width));
      x = residual(context, 'layer3', pooled(block(context, 'layer3', x, 8 * width)));
      const features = globalPool(context, x, 'max');
      return l2Normalize(
        dense(context, 'embedding', features, { width: dimension, initializer: fanInUniform }),
      );
    },
  };
}

function block(context: NetworkContext, name: string, x: Tensor, width: number): Tensor {
  const convolved = convolution(context, `${name}.conv`, x, {
    width,
    padding: 1,
    bias: false,
    initializer: fanInUniform,
  });
  return relu(batchNorm(context, `${name}.norm`, convolved));
}

function residual(context: NetworkContext, name: string, x: Tensor): Tensor {
  const width = x.shape[channelAxis(context.layout)] as number;
  const inner = block(context, `${name}.residual1`, x, width);
  return add(x, block(context, `${name}.residual2`, inner, width));
}
