import {
  apply,
  type Emission,
  type Lowering,
  type Node,
  type Operation,
  type Shape,
  type Tensor,
} from '../../tensor.js';
import { weightGradientLowerings } from './batch-last.js';
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
  emit: (emission) => lowerings(emission.node)[0]!.emit(emission),
  lowerings,
};

type WeightGradientEmission = Emission<WeightGradientAttributes>;

function lowerings(node: Node<WeightGradientAttributes>): Lowering<WeightGradientAttributes>[] {
  const { attributes, inputs } = node;
  const g = geometryOf(inputs[0]!.shape, attributes.weightShape as number[], attributes, inputs);
  const by = (name: string, write: (emission: WeightGradientEmission, g: Conv2dGeometry) => void) => ({
    name,
    emit: (emission: WeightGradientEmission) => write(emission, g),
  });
  if (attributes.layout === 'NHWC') return [by('columns', writeByColumns)];
  if (attributes.layout === 'CHWN') return weightGradientLowerings(g);
  const images = by('images', writeByImages);
  const patches = by('patches', writeByPatches);
  const pixels = by('pixels', writeByPixels);
  const convolution = by('convolution', writeByConvolution);
  if (g.outHeight * g.outWidth < largeMap) return [pixels, images, patches, convolution];
  return g.inChannels <= fewChannels
    ? [patches, images, pixels, convolution]
    : [images, patches, pixels, convolution];
}

/** One matrix product of the im2col matrix, which the forward pass has written already, with the gradient. */
function writeByColumns(emission: WeightGradientEmission, g: Conv2dGeometry): void {
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
function writeTap(emission: WeightGradientEmission, g: Conv2dGeometry, ky: number, kx: number): string {
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
function writeStacked(emission: WeightGradientEmission, g: Conv2dGeometry, products: string[]): void {
  const { add, constant, outputs } = emission;
  const stacked = products.length === 1 ? products[0]! : add('Concat', products, { axis: 2 });
  const shape = [g.outChannels, g.inChannels, g.kernelHeight, g.kernelWidth];
  add('Reshape', [stacked, constant('int64', [4], shape)], {}, outputs);
}

/**
 * A batched matrix product, gradient [N, out, pixels] times maps [N, rows, pixels], transposed, and a sum over the batch:
 * float32 [out, rows]. Needs no change of layout.
 */
function writeSumOfProducts(emission: WeightGradientEmission, g: Conv2dGeometry, maps: string): string {
  const { add, constant, once, inputs } = emission;
  const list = (...values: number[]) => constant('int64', [values.length], values);
  const pixels = g.outHeight * g.outWidth;
  const gradient = once(`planes ${inputs[1]}`, () =>
    add('Reshape', [inputs[1]!, list(-1, g.outChannels, pixels)]),
  );
  const flat = add('Reshape', [maps, list(g.batch as number, -1, pixels)]);
  return add('ReduceSum', [add('FusedMatMul', [gradient, flat], { transB: 1 }), list(0)], { keepdims: 0 });
}

/** One such product per tap. Best where maps are large. */
function writeByImages(emission: WeightGradientEmission, g: Conv2dGeometry): void {
  const { add, constant } = emission;
  const shape = constant('int64', [3], [g.outChannels, g.inChannels, 1]);
  const products = taps(g).map(([ky, kx]) =>
    add('Reshape', [writeSumOfProducts(emission, g, writeTap(emission, g, ky, kx)), shape]),
  );
  writeStacked(emission, g, products);
}

/** One such product of all taps together, which makes a good size of few channels, such as those of a photograph. */
function writeByPatches(emission: WeightGradientEmission, g: Conv2dGeometry): void {
  const { add, constant } = emission;
  const patches = add(
    'Concat',
    taps(g).map(([ky, kx]) => writeTap(emission, g, ky, kx)),
    { axis: 1 },
  );
  const shape = constant('int64', [3], [g.outChannels, -1, g.inChannels]);
  const byTap = add('Reshape', [writeSumOfProducts(emission, g, patches), shape]);
  writeStacked(emission, g, [add('Transpose', [byTap], { perm: [0, 2, 1] })]);
}

/**
 * A convolution of the images by the gradient, with batch and channels exchanged in both: the images of one channel are the
 * channels, and the map of the gradient is the kernel, its taps a stride apart.
 */
function writeByConvolution(emission: WeightGradientEmission, g: Conv2dGeometry): void {
  const { add, constant, inputs, outputs, attributes } = emission;
  const { stride, padding } = attributes;
  const list = (...values: number[]) => constant('int64', [values.length], values);
  const [images, kernels] = inputs.map((value) => add('Transpose', [value], { perm: [1, 0, 2, 3] })) as [
    string,
    string,
  ];
  const window = { pads: [padding, padding, padding, padding], dilations: [stride, stride] };
  const taps = add('Conv', [images, kernels], window);
  // Where the stride does not divide, the kernel finds places past the last tap.
  const inside = add('Slice', [taps, list(0, 0), list(g.kernelHeight, g.kernelWidth), list(2, 3)]);
  add('Transpose', [inside], { perm: [1, 0, 2, 3] }, outputs);
}

/**
 * One matrix product per tap over all pixels of the batch, both operands with channels last. Best where maps are small
 * and channels many.
 */
function writeByPixels(emission: WeightGradientEmission, g: Conv2dGeometry): void {
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
