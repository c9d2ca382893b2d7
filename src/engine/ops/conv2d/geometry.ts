import { ImagekinError } from '../../../core/errors.js';
import { shapeMismatch, staticShape } from '../../shape.js';
import type { Dimension, Shape, Tensor } from '../../tensor.js';

/**
 * Order of the axes of feature maps. `NHWC` is Keras's (weights [height, width, in, out]), `NCHW` PyTorch's and ONNX's
 * (weights [out, in, height, width]). Two are for training programs, which know how many images there are: `HWNC` (weights
 * as in NHWC), in which transforms over space are plain matrix products, is the fastest for 3×3 kernels of stride 1 with
 * many channels; `CHWN` (weights as in NCHW), which moves pixels of all images at once, for other kernels.
 */
export type Layout = 'NHWC' | 'NCHW' | 'HWNC' | 'CHWN';

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

/** Place of each axis: [batch, height, width, channels]. */
const places = { NHWC: [0, 1, 2, 3], NCHW: [0, 2, 3, 1], HWNC: [2, 0, 1, 3], CHWN: [3, 1, 2, 0] } as const;

/** Transposes of feature maps to NCHW and back. */
export const channelsFirst = {
  NHWC: { there: [0, 3, 1, 2], back: [0, 2, 3, 1] },
  HWNC: { there: [2, 3, 0, 1], back: [2, 3, 0, 1] },
  CHWN: { there: [3, 0, 1, 2], back: [1, 2, 3, 0] },
} as const;

/** Whether channels stand last, and kernels are [height, width, in, out]. */
export function channelsLast(layout: Layout): boolean {
  return layout === 'NHWC' || layout === 'HWNC';
}

/** The layout that a network trained in this one takes in a portable file, with weights of the same shape. */
export function portableLayout(layout: Layout): 'NHWC' | 'NCHW' {
  return channelsLast(layout) ? 'NHWC' : 'NCHW';
}

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
  const [batch, height, width, channels] = places[layout].map((axis) => shape[axis]) as [
    Dimension,
    number,
    number,
    number,
  ];
  const [kernelHeight, kernelWidth, inChannels, outChannels] = (
    channelsLast(layout) ? weights : [weights[2], weights[3], weights[1], weights[0]]
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
  const values = [batch, height, width, channels];
  return [0, 1, 2, 3].map((axis) => values[places[layout].indexOf(axis as 0)]!);
}

/** Axes of height and width. */
export function spatialAxes(layout: Layout): readonly [number, number] {
  return [places[layout][1], places[layout][2]];
}

/** Axis of the channels. */
export function channelAxis(layout: Layout): number {
  return places[layout][3];
}

/** Shape of one number per channel that stretches to feature maps. */
export function perChannelShape(layout: Layout, channels: number): readonly number[] {
  return [channels, ...Array.from({ length: 3 - places[layout][3] }, () => 1)];
}

/** Axis of the images. */
export function batchAxis(layout: Layout): number {
  return places[layout][0];
}

/**
 * The number of images of a training program, whose tables and zeros are made for it.
 * @throws `shape-mismatch` where it is a name
 */
export function fixedBatch({ batch }: Pick<Conv2dGeometry, 'batch'>): number {
  if (typeof batch === 'number') return batch;
  throw new ImagekinError('shape-mismatch', {
    where: 'conv2d in a training program',
    expected: 'a batch size known when the program is compiled',
    got: `'${batch}'`,
    fix: 'give its input a fixed batch size, or write a portable file',
  });
}

/**
 * The pixel under a tap of the kernel at a position of it, each counted row by row; `undefined` for padding.
 */
export function coveredPixel(
  g: Conv2dGeometry,
  { stride, padding }: Pick<Conv2dAttributes, 'stride' | 'padding'>,
  position: number,
  tap: number,
): number | undefined {
  const y = Math.floor(position / g.outWidth) * stride - padding + Math.floor(tap / g.kernelWidth);
  const x = (position % g.outWidth) * stride - padding + (tap % g.kernelWidth);
  return y >= 0 && y < g.height && x >= 0 && x < g.width ? y * g.width + x : undefined;
}
