import { staticShape } from '../../shape.js';
import type { Tensor } from '../../tensor.js';
import { type Matrix, mapAxis } from '../map-axis.js';
import { matmul } from '../matmul.js';
import { reshape } from '../reshape.js';
import { transpose } from '../transpose.js';
import type { Conv2dGeometry } from './geometry.js';
import { winogradConvolution } from './winograd-convolution.js';

export interface SpatialFirstOptions {
  readonly stride: number;
  readonly padding: number;
  /** Side of the blocks of outputs that are averaged. */
  readonly pool: number;
}

/** With fewer channels in, the products that Winograd is left with are too thin to run at full speed. */
const fewChannels = 24;

/**
 * A convolution of HWNC maps, [height, width, N, channels]: made of constant matrices along the axes of space, one stack of
 * matrix products, and nothing else, so that its gradient is of the same make.
 *
 * 3×3 kernels of stride 1 go by Winograd's algorithm, in about a quarter of the multiplications. Others go by the sum over
 * their taps. The mean of blocks of outputs is a convolution by a larger kernel and stride, in fewer multiplications than
 * one after the other.
 *
 * @param x float32 [H, W, N, in]
 * @param weights float32 [kh, kw, in, out]
 */
export function spatialFirstConvolution(
  x: Tensor,
  weights: Tensor,
  g: Conv2dGeometry,
  { stride, padding, pool }: SpatialFirstOptions,
): Tensor {
  const isSmall = g.kernelHeight === 3 && g.kernelWidth === 3;
  if (isSmall && stride === 1 && pool === 1 && g.inChannels >= fewChannels) {
    return winogradConvolution(x, weights, { padding, out: [g.outHeight, g.outWidth] });
  }
  const widened = mapAxis(
    mapAxis(weights, 0, blockMeans(g.kernelHeight, stride, pool)),
    1,
    blockMeans(g.kernelWidth, stride, pool),
  );
  const [height, width] = [Math.floor(g.outHeight / pool), Math.floor(g.outWidth / pool)];
  return bySumOverTaps(x, pool === 1 ? weights : widened, { height, width, stride: stride * pool, padding });
}

/** Numbers that lie side by side from which on copying them is worth its call. */
const shortRun = 16;

/** Matrix products with all taps of all channels in a row or, where channels are few, in a column. */
function bySumOverTaps(
  x: Tensor,
  weights: Tensor,
  out: { readonly height: number; readonly width: number; readonly stride: number; readonly padding: number },
): Tensor {
  const [height, width, batch, channels] = staticShape('conv2d', x) as [number, number, number, number];
  const [down, across, , outChannels] = staticShape('conv2d', weights) as [number, number, number, number];
  // The gradient of the kernel is a sum over positions of one product each, which must not be larger than the patches.
  const inColumns = channels < shortRun && outChannels <= batch;
  const rows = windows(height, down, out.height, out);
  const columns = windows(width, across, out.width, out);
  const taps = mapAxis(mapAxis(inColumns ? transpose(x, [0, 1, 3, 2]) : x, 0, rows), 1, columns);
  const kernel = reshape(weights, [down * across * channels, outChannels]);
  const split = [down, out.height, across, out.width];
  if (inColumns) {
    const patches = transpose(reshape(taps, [...split, channels * batch]), [1, 3, 0, 2, 4]);
    const positions = [out.height, out.width, down * across * channels, batch];
    return matmul(reshape(patches, positions), kernel, { transposeA: true });
  }
  const patches = transpose(reshape(taps, [...split, batch, channels]), [1, 3, 4, 0, 2, 5]);
  const sums = matmul(reshape(patches, [out.height * out.width * batch, down * across * channels]), kernel);
  return reshape(sums, [out.height, out.width, batch, outChannels]);
}

/** Row tap·count + i picks what is under a tap of the kernel at position i, nothing where that is padding. */
function windows(
  length: number,
  taps: number,
  count: number,
  { stride, padding }: { readonly stride: number; readonly padding: number },
): Matrix {
  return Array.from({ length: taps * count }, (_, row) => {
    const source = (row % count) * stride + Math.floor(row / count) - padding;
    return Array.from({ length }, (_, column) => (column === source ? 1 : 0));
  });
}

/** Turns the taps of a kernel into those of the kernel that yields the means of `pool` outputs a stride apart. */
function blockMeans(taps: number, stride: number, pool: number): Matrix {
  return Array.from({ length: taps + (pool - 1) * stride }, (_, row) =>
    Array.from({ length: taps }, (_, tap) => {
      const offset = row - tap;
      return offset >= 0 && offset % stride === 0 && offset / stride < pool ? 1 / pool : 0;
    }),
  );
}
