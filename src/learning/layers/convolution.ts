import type { Initializer } from '../../engine/index.js';
import { channelAxis, channelsLast, conv2d, type Tensor } from '../../engine/index.js';
import { type Fans, glorotUniform, zeros } from '../initializers.js';
import type { NetworkContext } from '../network.js';

export interface ConvolutionOptions {
  /** Out channels. */
  readonly width: number;
  /** Height and width of the kernel. Default 3. */
  readonly kernel?: number;
  /** Default 1. */
  readonly stride?: number;
  /** Zeros on each side. Default 0 ("valid"). */
  readonly padding?: number;
  /** Default true. */
  readonly bias?: boolean;
  /** What the input is multiplied by. Default 1. */
  readonly scale?: number;
  /** Side of the blocks of outputs that are averaged, in pixels. Default 1. */
  readonly averagePool?: number;
  /** Side of the blocks of outputs of which the largest is taken, in pixels. Default 1. */
  readonly maxPool?: number;
  /** Default Glorot uniform. */
  readonly initializer?: (fans: Fans) => Initializer;
}

/** A convolution in the network's layout. */
export function convolution(
  context: NetworkContext,
  name: string,
  x: Tensor,
  options: ConvolutionOptions,
): Tensor {
  const { width, kernel = 3, stride = 1, padding = 0, bias = true, averagePool = 1, maxPool = 1 } = options;
  const { initializer = glorotUniform, scale = 1 } = options;
  const { layout } = context;
  const channels = x.shape[channelAxis(layout)] as number;
  const area = kernel * kernel;
  const shape = channelsLast(layout) ? [kernel, kernel, channels, width] : [width, channels, kernel, kernel];
  const weights = context.parameter(
    `${name}.weights`,
    shape,
    initializer({ fanIn: area * channels, fanOut: area * width }),
  );
  return conv2d(x, weights, {
    layout,
    stride,
    padding,
    averagePool,
    maxPool,
    scale,
    ...(bias && { bias: context.parameter(`${name}.bias`, [width], zeros) }),
  });
}
