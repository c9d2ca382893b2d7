import { staticShape } from '../../shape.js';
import type { Tensor } from '../../tensor.js';
import { mapAxis } from '../map-axis.js';
import { matmul } from '../matmul.js';
import { recomputed } from '../recomputed.js';
import { reshape } from '../reshape.js';
import { fewestProducts } from './winograd.js';

/**
 * A 3×3 convolution of stride 1 by Winograd's F(4×4, 3×3), or smaller tiles where they fit better: one matrix product per
 * pair of transformed elements, over all tiles and images at once.
 *
 * @param x float32 [H, W, N, in]
 * @param weights float32 [3, 3, in, out]
 */
export function winogradConvolution(x: Tensor, weights: Tensor, padding: number): Tensor {
  const [, , batch, channels] = staticShape('conv2d', x) as [number, number, number, number];
  const down = fewestProducts({ length: x.shape[0] as number, padding });
  const across = fewestProducts({ length: x.shape[1] as number, padding });
  const width = weights.shape[3] as number;
  const kernels = mapAxis(mapAxis(weights, 0, down.kernel), 1, across.kernel);
  const stack = [down.products, down.tiles, across.products, across.tiles * batch, channels];
  // Twice the size of x and more: in networks of several convolutions it would be most of what is held.
  const transformed = (options = { apart: false }) =>
    reshape(mapAxis(mapAxis(x, 0, down.input, options), 1, across.input, options), stack);
  const products = matmul(
    recomputed(transformed(), () => transformed({ apart: true })),
    reshape(kernels, [down.products, 1, across.products, channels, width]),
  );
  const map = [down.products * down.tiles, across.products * across.tiles, batch, width];
  return mapAxis(mapAxis(reshape(products, map), 1, across.output), 0, down.output);
}
