import {
  add,
  cast,
  constant,
  l2Normalize,
  multiply,
  relu,
  reshape,
  type Tensor,
} from '../../engine/index.js';
import type { Size } from '../../image/image.js';
import { fanInUniform } from '../initializers.js';
import { batchNorm } from '../layers/batch-norm.js';
import { convolution } from '../layers/convolution.js';
import { dense } from '../layers/dense.js';
import type { Network, NetworkContext } from '../network.js';

export interface ConvNetOptions {
  readonly inputSize: Size;
  /** Length of an embedding. */
  readonly dimension: number;
  /** 3×3 convolutions, padded to keep the map's size but for the stride. */
  readonly layers: readonly { readonly width: number; readonly stride: 1 | 2 }[];
}

/**
 * A plain convolutional network for drawings on white: 3×3 convolutions, each with batch normalisation and ReLU, then one linear layer over the
 * whole last map. The head sees where things are, unlike one over the mean of the map.
 */
export function convNet({ inputSize, dimension, layers }: ConvNetOptions): Network {
  return {
    name: 'conv-net',
    options: { inputSize, dimension, layers },
    inputSize,
    dimension,
    // Small maps with many channels: a third faster here than NCHW.
    layout: 'NHWC',
    build(images, context) {
      let x = ink(images);
      for (const [i, layer] of layers.entries()) x = block(context, `layer${i + 1}`, x, layer);
      return l2Normalize(
        dense(context, 'embedding', flattened(x), { width: dimension, initializer: fanInUniform }),
      );
    },
  };
}

function block(
  context: NetworkContext,
  name: string,
  x: Tensor,
  layer: ConvNetOptions['layers'][number],
): Tensor {
  const convolved = convolution(context, `${name}.conv`, x, {
    ...layer,
    padding: 1,
    bias: false,
    initializer: fanInUniform,
  });
  return relu(batchNorm(context, `${name}.norm`, convolved));
}

/** How much ink there is, in [−½, 1½]: white paper is near the zeros that convolutions pad with. */
function ink(images: Tensor): Tensor {
  return add(multiply(cast(images, 'float32'), constant(-2 / 255)), constant(1.5));
}

function flattened(x: Tensor): Tensor {
  const [batch, ...map] = x.shape as [number, ...number[]];
  return reshape(x, [batch, map.reduce((count, d) => count * d, 1)]);
}
