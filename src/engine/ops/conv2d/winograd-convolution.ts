import { staticShape } from '../../shape.js';
import type { Tensor } from '../../tensor.js';
import { mapAxis } from '../map-axis.js';
import { matmul } from '../matmul.js';
import { recomputed } from '../recomputed.js';
import { reshape } from '../reshape.js';
import { fewestProducts } from './winograd.js';

/**
 * Transformed images this many times as large as the images and larger are made again for the backward pass: held, they would be
 * most of what networks of several convolutions hold. Smaller ones take little more room than the images, in whose place
 * they are held.
 */
const heldBelow = 2;

/**
 * A 3×3 convolution of stride 1 by Winograd's F(m×m, 3×3), with the tiles that fit best: one matrix product per
 * pair of transformed elements, over all tiles and images at once.
 *
 * @param x float32 [H, W, N, in]
 * @param weights float32 [3, 3, in, out]
 * @param out height and width of what is wanted of the result, from the first output on
 */
export function winogradConvolution(
  x: Tensor,
  weights: Tensor,
  { padding, out }: { readonly padding: number; readonly out: readonly [number, number] },
): Tensor {
  const [, , batch, channels] = staticShape('conv2d', x) as [number, number, number, number];
  const [height, width] = x.shape as [number, number];
  // Down, products and tiles are both axes of the stack, in any order; across, the tiles are rows of the products.
  const down = fewestProducts({ length: height, padding, out: out[0], order: 'by-tile' });
  const across = fewestProducts({ length: width, padding, out: out[1], order: 'by-product' });
  const outChannels = weights.shape[3] as number;
  const kernels = mapAxis(mapAxis(weights, 0, down.kernel), 1, across.kernel);
  const stack = [down.tiles, down.products, across.products, across.tiles * batch, channels];
  const transformed = (options = { apart: false }) =>
    reshape(mapAxis(mapAxis(x, 0, down.input, options), 1, across.input, options), stack);
  const growth = (down.input.length * across.input.length) / (height * width);
  const held =
    growth < heldBelow ? transformed() : recomputed(transformed(), () => transformed({ apart: true }));
  const products = matmul(held, kernels);
  const map = [down.products * down.tiles, across.products * across.tiles, batch, outChannels];
  return mapAxis(mapAxis(reshape(products, map), 0, down.output), 1, across.output);
}
