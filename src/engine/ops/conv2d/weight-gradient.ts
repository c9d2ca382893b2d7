import { apply, type Emission, type Operation, type Shape, type Tensor } from '../../tensor.js';
import { type Conv2dAttributes, type Conv2dGeometry, geometryOf } from './geometry.js';
import { writeColumns } from './im2col.js';

interface WeightGradientAttributes extends Conv2dAttributes {
  readonly weightShape: Shape;
}

/** Pixels from which a map counts as large (measured at 8×8 to 32×32). */
const largeMap = 256;
const fewChannels = 4;

const operation: Operation<WeightGradientAttributes> = {
  name: 'conv2dWeightGradient',
  infer: (_, { weightShape }) => [{ dtype: 'float32', shape: weightShape }],
  emit(emission) {
    const { node, attributes } = emission;
    const g = geometryOf(node.inputs[0]!.shape, attributes.weightShape as number[], attributes, node.inputs);
    if (attributes.layout === 'NHWC') writeByColumns(emission, g);
    else if (g.outHeight * g.outWidth >= largeMap) writeByImages(emission, g);
    else writeByPixels(emission, g);
  },
};

/** One matrix product of the im2col matrix, which the forward pass has written already, with the gradient. */
function writeByColumns(emission: Emission<WeightGradientAttributes>, g: Conv2dGeometry): void {
  const { add, constant, inputs, outputs, attributes } = emission;
  const columns = writeColumns(emission, inputs[0]!, g, attributes);
  const gradient = add('Reshape', [inputs[1]!, constant('int64', [2], [-1, g.outChannels])]);
  const product = add('FusedMatMul', [columns, gradient], { transA: 1 });
  const shape = [g.kernelHeight, g.kernelWidth, g.inChannels, g.outChannels];
  add('Reshape', [product, constant('int64', [4], shape)], {}, outputs);
}

/**
 * The images as the tap (ky, kx) of the kernel sees them: float32 [N, C, outHeight, outWidth]. Padded images are written
 * once for all taps.
 */
function writeTap(
  emission: Emission<WeightGradientAttributes>,
  g: Conv2dGeometry,
  ky: number,
  kx: number,
): string {
  const { add, constant, once, inputs, attributes } = emission;
  const { stride, padding } = attributes;
  const list = (...values: number[]) => constant('int64', [values.length], values);
  const images = once(`padded ${inputs[0]} ${padding}`, () =>
    padding === 0
      ? inputs[0]!
      : add('Pad', [inputs[0]!, list(0, 0, padding, padding, 0, 0, padding, padding)]),
  );
  const end = list(ky + (g.outHeight - 1) * stride + 1, kx + (g.outWidth - 1) * stride + 1);
  return add('Slice', [images, list(ky, kx), end, list(2, 3), list(stride, stride)]);
}

/** The taps of the kernel, row by row. */
function taps(g: Conv2dGeometry): readonly (readonly [ky: number, kx: number])[] {
  return Array.from({ length: g.kernelHeight * g.kernelWidth }, (_, i) => [
    Math.floor(i / g.kernelWidth),
    i % g.kernelWidth,
  ]);
}

/** Puts one [out, in, 1] matrix per tap together to weights [out, in, kernelHeight, kernelWidth]. */
function writeStacked(
  emission: Emission<WeightGradientAttributes>,
  g: Conv2dGeometry,
  products: string[],
): void {
  const { add, constant, outputs } = emission;
  const stacked = products.length === 1 ? products[0]! : add('Concat', products, { axis: 2 });
  const shape = [g.outChannels, g.inChannels, g.kernelHeight, g.kernelWidth];
  add('Reshape', [stacked, constant('int64', [4], shape)], {}, outputs);
}

/**
 * One batched matrix product per tap, gradient [N, out, pixels] times images [N, in, pixels], transposed, and a sum over
 * the batch. Needs no change of layout; best where maps are large.
 */
function writeByImages(emission: Emission<WeightGradientAttributes>, g: Conv2dGeometry): void {
  const { add, constant, inputs } = emission;
  const list = (...values: number[]) => constant('int64', [values.length], values);
  const pixels = g.outHeight * g.outWidth;
  const gradient = add('Reshape', [inputs[1]!, list(-1, g.outChannels, pixels)]);
  const product = (images: string) => {
    const flat = add('Reshape', [images, list(g.batch as number, -1, pixels)]);
    return add('ReduceSum', [add('FusedMatMul', [gradient, flat], { transB: 1 }), list(0)], { keepdims: 0 });
  };
  if (g.inChannels <= fewChannels) {
    // Of few channels, such as those of a photograph, all taps together make one product of a good size.
    const patches = add(
      'Concat',
      taps(g).map(([ky, kx]) => writeTap(emission, g, ky, kx)),
      { axis: 1 },
    );
    const byTap = add('Reshape', [product(patches), list(g.outChannels, -1, g.inChannels)]);
    writeStacked(emission, g, [add('Transpose', [byTap], { perm: [0, 2, 1] })]);
    return;
  }
  const shape = list(g.outChannels, g.inChannels, 1);
  const products = taps(g).map(([ky, kx]) => add('Reshape', [product(writeTap(emission, g, ky, kx)), shape]));
  writeStacked(emission, g, products);
}

/**
 * One matrix product per tap over all pixels of the batch, both operands with channels last. Best where maps are small
 * and channels many.
 */
function writeByPixels(emission: Emission<WeightGradientAttributes>, g: Conv2dGeometry): void {
  const { add, constant, inputs } = emission;
  const list = (...values: number[]) => constant('int64', [values.length], values);
  const rows = (images: string, channels: number) =>
    add('Reshape', [add('Transpose', [images], { perm: [0, 2, 3, 1] }), list(-1, channels)]);
  const gradient = rows(inputs[1]!, g.outChannels);
  const products = taps(g).map(([ky, kx]) => {
    const tap = rows(writeTap(emission, g, ky, kx), g.inChannels);
    const product = add('FusedMatMul', [gradient, tap], { transA: 1 });
    return add('Reshape', [product, list(g.outChannels, g.inChannels, 1)]);
  });
  writeStacked(emission, g, products);
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
