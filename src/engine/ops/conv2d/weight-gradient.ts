import type { Emission, Operation } from '../../operation.js';
import { apply, type Shape, type Tensor } from '../../tensor.js';
import { type Conv2dAttributes, type Conv2dGeometry, geometryOf } from './geometry.js';
import { writeColumns } from './im2col.js';

interface WeightGradientAttributes extends Conv2dAttributes {
  readonly weightShape: Shape;
}

const operation: Operation<WeightGradientAttributes> = {
  name: 'conv2dWeightGradient',
  infer: (_, { weightShape }) => [{ dtype: 'float32', shape: weightShape }],
  emit(emission) {
    const { node, attributes } = emission;
    const g = geometryOf(node.inputs[0]!.shape, attributes.weightShape as number[], attributes, node.inputs);
    if (attributes.layout === 'NHWC') writeByColumns(emission, g);
    else writeByShiftedProducts(emission, g);
  },
};

/** One matrix product of the im2col matrix, which the forward pass has written already, with the gradient. */
function writeByColumns(emission: Emission<WeightGradientAttributes>, g: Conv2dGeometry): void {
  const { add, constant, inputs, outputs, attributes } = emission;
  const columns = writeColumns(emission, inputs[0]!, g, attributes);
  const gradient = add('Reshape', [inputs[1]!, constant('int64', [2], [-1, g.outChannels])]);
  const product = add('Gemm', [columns, gradient], { transA: 1 });
  const shape = [g.kernelHeight, g.kernelWidth, g.inChannels, g.outChannels];
  add('Reshape', [product, constant('int64', [4], shape)], {}, outputs);
}

/**
 * One matrix product per tap of the kernel: the images shifted under the tap, times the gradient, both with channels
 * last. Faster here than one convolution over transposed operands, and needs far less memory than im2col.
 */
function writeByShiftedProducts(emission: Emission<WeightGradientAttributes>, g: Conv2dGeometry): void {
  const { add, constant, once, inputs, outputs, attributes } = emission;
  const { stride, padding } = attributes;
  const list = (...values: number[]) => constant('int64', [values.length], values);
  const images = once(`channels last ${inputs[0]} ${padding}`, () => {
    const last = add('Transpose', [inputs[0]!], { perm: [0, 2, 3, 1] });
    return padding === 0 ? last : add('Pad', [last, list(0, padding, padding, 0, 0, padding, padding, 0)]);
  });
  const gradientLast = add('Transpose', [inputs[1]!], { perm: [0, 2, 3, 1] });
  const gradient = add('Reshape', [gradientLast, list(-1, g.outChannels)]);
  const taps: string[] = [];
  for (let ky = 0; ky < g.kernelHeight; ky++) {
    for (let kx = 0; kx < g.kernelWidth; kx++) {
      const end = list(ky + (g.outHeight - 1) * stride + 1, kx + (g.outWidth - 1) * stride + 1);
      const shifted = add('Slice', [images, list(ky, kx), end, list(1, 2), list(stride, stride)]);
      const rows = add('Reshape', [shifted, list(-1, g.inChannels)]);
      const product = add('Gemm', [gradient, rows], { transA: 1 });
      taps.push(add('Reshape', [product, list(g.outChannels, g.inChannels, 1)]));
    }
  }
  const stacked = taps.length === 1 ? taps[0]! : add('Concat', taps, { axis: 2 });
  add('Reshape', [stacked, list(g.outChannels, g.inChannels, g.kernelHeight, g.kernelWidth)], {}, outputs);
}

/**
 * Gradient of a convolution with respect to its weights.
 * @param x the images
 * @param outputGradient of the shape of the convolution's result
 * @param weightShape shape of the weights, and of what is returned
 */
export function conv2dWeightGradient(
  x: Tensor,
  outputGradient: Tensor,
  weightShape: Shape,
  attributes: Conv2dAttributes,
): Tensor {
  return apply(operation, [x, outputGradient], { ...attributes, weightShape });
}
