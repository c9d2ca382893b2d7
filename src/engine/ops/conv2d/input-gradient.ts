import {
  apply,
  type Emission,
  type Lowering,
  type Node,
  type Operation,
  type Shape,
  type Tensor,
} from '../../tensor.js';
import { inputGradientLowerings } from './batch-last.js';
import { type Conv2dAttributes, type Conv2dGeometry, geometryOf } from './geometry.js';
import { appendZeroRow, writeColumnsTransposed } from './im2col.js';

interface InputGradientAttributes extends Conv2dAttributes {
  readonly imageShape: Shape;
}

const operation: Operation<InputGradientAttributes> = {
  name: 'conv2dInputGradient',
  infer: (_, { imageShape }) => [{ dtype: 'float32', shape: imageShape }],
  emit: (emission) => lowerings(emission.node)[0]!.emit(emission),
  lowerings,
};

type InputGradientEmission = Emission<InputGradientAttributes>;

function lowerings(node: Node<InputGradientAttributes>): Lowering<InputGradientAttributes>[] {
  const { attributes, inputs } = node;
  const g = geometryOf(attributes.imageShape, inputs[1]!.shape as number[], attributes, inputs);
  const by = (name: string, write: (emission: InputGradientEmission, g: Conv2dGeometry) => void) => ({
    name,
    emit: (emission: InputGradientEmission) => write(emission, g),
  });
  if (attributes.layout === 'NHWC') return [by('columns', writeByColumns)];
  if (attributes.layout === 'CHWN') return inputGradientLowerings(g);
  const transposed = by('transposed-convolution', writeByTransposedConvolution);
  // Padding wider than the kernel reaches would have to be taken off by the flipped one; ONNX has no negative pads.
  const flips = attributes.stride === 1 && attributes.padding < Math.min(g.kernelHeight, g.kernelWidth);
  return flips ? [by('flipped-kernel', writeByFlippedKernel), transposed] : [transposed];
}

/** One matrix product, then the transpose of im2col. */
function writeByColumns(emission: InputGradientEmission, g: Conv2dGeometry): void {
  const { add, constant, inputs, outputs, attributes } = emission;
  const patchLength = g.kernelHeight * g.kernelWidth * g.inChannels;
  const outPixels = g.outHeight * g.outWidth;
  const gradient = add('Reshape', [inputs[0]!, constant('int64', [3], [-1, outPixels, g.outChannels])]);
  // The zero row becomes the block of zeros that the transpose of im2col wants, at a ninth of its size.
  const padded = appendZeroRow(emission, gradient, g, g.outChannels);
  const rows = add('Reshape', [padded, constant('int64', [2], [-1, g.outChannels])]);
  const matrix = add('Reshape', [inputs[1]!, constant('int64', [2], [patchLength, g.outChannels])]);
  const columns = add('Gemm', [rows, matrix], { transB: 1 });
  const entries = (outPixels + 1) * g.kernelHeight * g.kernelWidth;
  const perImage = add('Reshape', [columns, constant('int64', [3], [-1, entries, g.inChannels])]);
  writeColumnsTransposed(emission, perImage, g, attributes, outputs[0]!);
}

/** A convolution of the gradient with the kernel turned by 180° and its channels exchanged. */
function writeByFlippedKernel(emission: InputGradientEmission, g: Conv2dGeometry): void {
  const { add, constant, inputs, outputs, attributes } = emission;
  const taps = g.kernelHeight * g.kernelWidth;
  const flat = add('Reshape', [inputs[1]!, constant('int64', [3], [g.outChannels, g.inChannels, taps])]);
  const reversed = constant(
    'int64',
    [taps],
    Array.from({ length: taps }, (_, i) => taps - 1 - i),
  );
  const turned = add('Gather', [add('Transpose', [flat], { perm: [1, 0, 2] }), reversed], { axis: 2 });
  const shape = constant('int64', [4], [g.inChannels, g.outChannels, g.kernelHeight, g.kernelWidth]);
  const kernels = add('Reshape', [turned, shape]);
  const [vertical, horizontal] = [
    g.kernelHeight - 1 - attributes.padding,
    g.kernelWidth - 1 - attributes.padding,
  ];
  add('Conv', [inputs[0]!, kernels], { pads: [vertical, horizontal, vertical, horizontal] }, outputs);
}

function writeByTransposedConvolution(emission: InputGradientEmission, g: Conv2dGeometry): void {
  const { add, inputs, outputs, attributes } = emission;
  const { stride, padding } = attributes;
  const missing = (length: number, outLength: number, kernel: number) =>
    length - ((outLength - 1) * stride + kernel - 2 * padding);
  const outputPadding = [
    missing(g.height, g.outHeight, g.kernelHeight),
    missing(g.width, g.outWidth, g.kernelWidth),
  ];
  add(
    'ConvTranspose',
    inputs,
    { strides: [stride, stride], pads: [padding, padding, padding, padding], output_padding: outputPadding },
    outputs,
  );
}

/**
 * Gradient of a convolution with respect to its images.
 * @param outputGradient of the shape of the convolution's result
 * @param imageShape shape of the images, and of what is returned
 */
export function conv2dInputGradient(
  outputGradient: Tensor,
  weights: Tensor,
  imageShape: Shape,
  attributes: Conv2dAttributes,
): Tensor {
  return apply(operation, [outputGradient, weights], { ...attributes, imageShape });
}
