import { shapeMismatch, staticShape } from '../../shape.js';
import type { Dimension, Shape, Tensor } from '../../tensor.js';

/**
 * Where channels stand. `NHWC` is Keras's order (weights [height, width, in, out]), `NCHW` PyTorch's and ONNX's
 * (weights [out, in, height, width]). Small maps run faster in NHWC here, large ones in NCHW.
 */
export type Layout = 'NHWC' | 'NCHW';

export interface Conv2dAttributes {
  readonly layout: Layout;
  readonly stride: number;
  /** Zeros added on each side, in pixels. */
  readonly padding: number;
}

/** The numbers of one convolution, whatever its layout. */
export interface Conv2dGeometry {
  readonly batch: Dimension;
  readonly height: number;
  readonly width: number;
  readonly inChannels: number;
  readonly outHeight: number;
  readonly outWidth: number;
  readonly outChannels: number;
  readonly kernelHeight: number;
  readonly kernelWidth: number;
}

const channelLast = { NHWC: true, NCHW: false };

/** Reads the geometry off the shapes of input and weights; throws `shape-mismatch` where they do not fit. */
export function conv2dGeometry(x: Tensor, weights: Tensor, attributes: Conv2dAttributes): Conv2dGeometry {
  return geometryOf(x.shape, staticShape('conv2d weights', weights), attributes, [x, weights]);
}

export function geometryOf(
  shape: Shape,
  weights: readonly number[],
  { layout, stride, padding }: Conv2dAttributes,
  inputs: readonly Tensor[],
): Conv2dGeometry {
  if (shape.length !== 4 || weights.length !== 4) {
    throw shapeMismatch('conv2d', `${layout} images and weights, 4 axes each`, inputs, 'reshape them');
  }
  const last = channelLast[layout];
  const [batch, height, width, channels] = (last ? shape : [shape[0], shape[2], shape[3], shape[1]]) as [
    Dimension,
    number,
    number,
    number,
  ];
  const [kernelHeight, kernelWidth, inChannels, outChannels] = (
    last ? weights : [weights[2], weights[3], weights[1], weights[0]]
  ) as [number, number, number, number];
  if ([height, width, channels].some((d) => typeof d !== 'number')) {
    throw shapeMismatch('conv2d', 'images of a fixed size', inputs, 'name only the batch axis');
  }
  if (channels !== inChannels) {
    throw shapeMismatch(
      'conv2d',
      `images of ${inChannels} channels (${layout})`,
      inputs,
      'check layout and layer widths',
    );
  }
  const outHeight = Math.floor((height + 2 * padding - kernelHeight) / stride) + 1;
  const outWidth = Math.floor((width + 2 * padding - kernelWidth) / stride) + 1;
  if (outHeight < 1 || outWidth < 1) {
    throw shapeMismatch(
      'conv2d',
      'images at least as large as the kernel',
      inputs,
      'pad them or use fewer strides',
    );
  }
  return { batch, height, width, inChannels, outHeight, outWidth, outChannels, kernelHeight, kernelWidth };
}

/** Shape of images in a layout. */
export function imageShape(
  layout: Layout,
  batch: Dimension,
  height: number,
  width: number,
  channels: number,
): Shape {
  return channelLast[layout] ? [batch, height, width, channels] : [batch, channels, height, width];
}

/** Axes of height and width. */
export function spatialAxes(layout: Layout): readonly [number, number] {
  return channelLast[layout] ? [1, 2] : [2, 3];
}

/** Axis of the channels. */
export function channelAxis(layout: Layout): number {
  return channelLast[layout] ? 3 : 1;
}
