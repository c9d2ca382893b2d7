import {
  add,
  cast,
  constant,
  l2Normalize,
  type Layout,
  multiply,
  relu,
  spatialAxes,
  mean,
  type Tensor,
  transpose,
} from '../../engine/index.js';
import type { Size } from '../../image/image.js';
import { heNormal } from '../initializers.js';
import { batchNorm } from '../layers/batch-norm.js';
import { convolution } from '../layers/convolution.js';
import { dense } from '../layers/dense.js';
import type { Network, NetworkContext } from '../network.js';

export interface ConvNetOptions {
  readonly inputSize: Size;
  /** Length of an embedding. */
  readonly dimension: number;
  /** Channels of each stage; the map is halved from stage to stage. */
  readonly widths: readonly number[];
}

/** A plain convolutional network: two 3×3 convolutions with batch normalisation and ReLU a stage, then a linear layer. */
export function convNet({ inputSize, dimension, widths }: ConvNetOptions): Network {
  const layout: Layout = 'NCHW';
  return {
    name: 'conv-net',
    options: { inputSize, dimension, widths },
    inputSize,
    dimension,
    layout,
    build(images, context) {
      let x = standardized(images);
      for (const [i, width] of widths.entries()) {
        x = block(context, `stage${i + 1}.first`, x, width, i === 0 ? 1 : 2);
        x = block(context, `stage${i + 1}.second`, x, width, 1);
      }
      return l2Normalize(dense(context, 'embedding', mean(x, { axes: spatialAxes(layout) }), { width: dimension }));
    },
  };
}

function block(context: NetworkContext, name: string, x: Tensor, width: number, stride: number): Tensor {
  const convolved = convolution(context, `${name}.conv`, x, {
    width,
    stride,
    padding: 1,
    bias: false,
    initializer: heNormal,
  });
  return relu(batchNorm(context, `${name}.norm`, convolved));
}

/** Pixels in about ±2, channels first. */
function standardized(images: Tensor): Tensor {
  return transpose(add(multiply(cast(images, 'float32'), constant(4 / 255)), constant(-2)), [0, 3, 1, 2]);
}
