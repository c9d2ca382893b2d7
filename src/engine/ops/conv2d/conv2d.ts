import { shapeMismatch } from '../../shape.js';
import { apply, type Operation, type Tensor } from '../../tensor.js';
import { add } from '../add.js';
import { averagePool } from '../average-pool.js';
import { constant } from '../constant.js';
import { maxPool } from '../max-pool.js';
import { multiply } from '../multiply.js';
import { wholeLength } from '../pooling-blocks.js';
import { sum } from '../sum.js';
import { writeForward } from './batch-last.js';
import {
  batchAxis,
  type Conv2dAttributes,
  channelsFirst,
  channelsLast,
  conv2dGeometry,
  imageShape,
  type Layout,
  spatialAxes,
} from './geometry.js';
import { writeColumns } from './im2col.js';
import { conv2dInputGradient } from './input-gradient.js';
import { spatialFirstConvolution } from './spatial-first.js';
import { conv2dWeightGradient } from './weight-gradient.js';

export interface Conv2dOptions {
  readonly layout: Layout;
  /** Pixels from one position of the kernel to the next. Default 1. */
  readonly stride?: number;
  /** Zeros added on each side, in pixels. Default 0. */
  readonly padding?: number;
  /** Added to every output pixel: float32 [out channels]. */
  readonly bias?: Tensor;
  /** What the images are multiplied by; in CHWN the weights are, which are fewer. Default 1. */
  readonly scale?: number;
  /**
   * Side of the blocks of outputs that are averaged, in pixels. In HWNC it comes at no cost, elsewhere it is an
   * `averagePool` after the convolution. Default 1.
   */
  readonly averagePool?: number;
  /**
   * Side of the blocks of outputs of which the largest is taken, in pixels. In HWNC outputs left over behind whole blocks are
   * never computed, elsewhere it is a `maxPool` after the convolution. Of the means, where those are asked for too. Default 1.
   */
  readonly maxPool?: number;
}

const operation: Operation<Conv2dAttributes> = {
  name: 'conv2d',
  infer(inputs, attributes) {
    const [x, weights, bias] = inputs as [Tensor, Tensor, Tensor | undefined];
    if (inputs.some((tensor) => tensor.dtype !== 'float32')) {
      throw shapeMismatch('conv2d', 'float32 images, weights and bias', inputs, 'cast them');
    }
    const g = conv2dGeometry(x, weights, attributes);
    if (bias && (bias.rank !== 1 || bias.shape[0] !== g.outChannels)) {
      throw shapeMismatch(
        'conv2d',
        `a bias of length ${g.outChannels}`,
        inputs,
        'give one number per out channel',
      );
    }
    return [
      {
        dtype: 'float32',
        shape: imageShape(attributes.layout, g.batch, g.outHeight, g.outWidth, g.outChannels),
      },
    ];
  },
  emit(emission) {
    const { node, add, constant, inputs, outputs, attributes, target } = emission;
    const { layout, stride, padding } = attributes;
    const [x, weights, ...bias] = inputs as [string, string, string?];
    const window = { strides: [stride, stride], pads: [padding, padding, padding, padding] };
    if (layout === 'NCHW') {
      add('Conv', inputs, window, outputs);
      return;
    }
    if (target === 'portable') {
      const { there, back } = channelsFirst[layout];
      const images = add('Transpose', [x], { perm: there });
      const kernels = channelsLast(layout) ? add('Transpose', [weights], { perm: [3, 2, 0, 1] }) : weights;
      const result = add('Conv', [images, kernels, ...(bias as string[])], window);
      add('Transpose', [result], { perm: back }, outputs);
      return;
    }
    const g = conv2dGeometry(node.inputs[0]!, node.inputs[1]!, attributes);
    if (layout === 'CHWN') {
      writeForward(emission, g);
      return;
    }
    const columns = writeColumns(emission, x, g, attributes);
    const patchLength = g.kernelHeight * g.kernelWidth * g.inChannels;
    const matrix = add('Reshape', [weights, constant('int64', [2], [patchLength, g.outChannels])]);
    const rows = add('Gemm', [columns, matrix, ...(bias as string[])]);
    add('Reshape', [rows, constant('int64', [4], [-1, g.outHeight, g.outWidth, g.outChannels])], {}, outputs);
  },
  gradient({ inputs, attributes, outputGradient, wants }) {
    const [x, weights, bias] = inputs as [Tensor, Tensor, Tensor | undefined];
    return [
      wants(0) ? conv2dInputGradient(outputGradient, weights, x.shape, attributes) : undefined,
      wants(1) ? conv2dWeightGradient(x, outputGradient, weights.shape, attributes) : undefined,
      ...(bias
        ? [sum(outputGradient, { axes: [batchAxis(attributes.layout), ...spatialAxes(attributes.layout)] })]
        : []),
    ];
  },
};

/**
 * Two-dimensional convolution as networks mean it (cross-correlation): every output pixel is the dot product of a kernel
 * with the patch under it.
 *
 * @param x float32 [N, H, W, in] (NHWC), [N, in, H, W] (NCHW), [H, W, N, in] (HWNC) or [in, H, W, N] (CHWN)
 * @param weights float32 [kh, kw, in, out] (NHWC, HWNC) or [out, in, kh, kw] (NCHW, CHWN)
 * @returns float32, height ⌊(H + 2·padding − kh) / stride⌋ + 1, width likewise, in the same layout; after pooling, the
 * whole part of that divided by the block's side
 */
export function conv2d(x: Tensor, weights: Tensor, { scale = 1, ...options }: Conv2dOptions): Tensor {
  const { layout, stride = 1, padding = 0, bias, averagePool: mean = 1, maxPool: largest = 1 } = options;
  if (scale !== 1) {
    const scaled = (tensor: Tensor) => multiply(tensor, constant(scale));
    return layout === 'CHWN' ? conv2d(x, scaled(weights), options) : conv2d(scaled(x), weights, options);
  }
  const attributes = { layout, stride, padding };
  if (Math.max(mean, largest) > 1) requireBlocks(x, weights, attributes, mean * largest);
  const pooled = (y: Tensor) => (largest === 1 ? y : maxPool(y, { layout, size: largest }));
  if (layout === 'HWNC') {
    const geometry = conv2dGeometry(x, weights, attributes);
    const whole = {
      ...geometry,
      outHeight: wholeLength(geometry.outHeight, mean * largest),
      outWidth: wholeLength(geometry.outWidth, mean * largest),
    };
    const y = pooled(spatialFirstConvolution(x, weights, whole, { stride, padding, pool: mean }));
    return bias ? add(y, bias) : y;
  }
  const y = apply(operation, bias ? [x, weights, bias] : [x, weights], attributes);
  return pooled(mean === 1 ? y : averagePool(y, { layout, size: mean }));
}

function requireBlocks(x: Tensor, weights: Tensor, attributes: Conv2dAttributes, side: number): void {
  const { outHeight, outWidth } = conv2dGeometry(x, weights, attributes);
  if (Math.min(outHeight, outWidth) >= side) return;
  throw shapeMismatch(
    'conv2d',
    `at least ${side}×${side} outputs, for one whole block`,
    [x, weights],
    'pool less or pad the images',
  );
}
