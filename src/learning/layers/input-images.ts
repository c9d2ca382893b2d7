import { cast, type Tensor, transpose } from '../../engine/index.js';
import type { NetworkContext } from '../network.js';

/** Images, uint8 [N, height, width, 3], as float32 in the network's layout; values stay in [0, 255]. */
export function inputImages({ layout }: NetworkContext, images: Tensor): Tensor {
  const orders = { NHWC: [0, 1, 2, 3], NCHW: [0, 3, 1, 2], HWNC: [1, 2, 0, 3] };
  return cast(transpose(images, orders[layout]), 'float32');
}
