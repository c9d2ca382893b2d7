import {
  add,
  batchAxis,
  constant,
  elementCount,
  l2Normalize,
  multiply,
  relu,
  reshape,
  type Tensor,
  transpose,
} from '../../engine/index.js';
import type { Size } from '../../image/image.js';
import { fanInUniform } from '../initializers.js';
import { batchNorm } from '../layers/batch-norm.js';
import { convolution } from '../layers/convolution.js';
import { dense } from '../layers/dense.js';
import { inputImages } from '../layers/input-images.js';
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
    layout: 'CHWN',
    atSize: (size) => convNet({ inputSize: size, dimension, layers }),
    build(images, context) {
      let x = ink(inputImages(context, images));
      for (const [i, layer] of layers.entries()) x = block(context, `layer${i + 1}`, x, layer);
      return l2Normalize(
        dense(context, 'embedding', flattened(context, x), { width: dimension, initializer: fanInUniform }),
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
  return add(multiply(images, constant(-2 / 255)), constant(1.5));
}

/** All elements of an image's map in a row: [N, channels · height · width]. */
function flattened({ layout }: NetworkContext, x: Tensor): Tensor {
  const axis = batchAxis(layout);
  const rest = [0, 1, 2, 3].filter((other) => other !== axis);
  const elements = elementCount(rest.map((other) => x.shape[other] as number));
  return reshape(axis === 0 ? x : transpose(x, [axis, ...rest]), [x.shape[axis]!, elements]);
}
