import { cast, constant, gather, reshape, type Tensor, transpose } from '../../engine/index.js';
import type { NetworkContext } from '../network.js';

/** Images, uint8 [N, height, width, 3], as float32 in the network's layout; values stay in [0, 255]. */
export function inputImages({ layout }: NetworkContext, images: Tensor): Tensor {
  if (layout === 'CHWN') return cast(batchLast(images), 'float32');
  const orders = { NHWC: [0, 1, 2, 3], NCHW: [0, 3, 1, 2], HWNC: [1, 2, 0, 3] };
  return cast(transpose(images, orders[layout]), 'float32');
}

/**
 * A transpose of two axes, then a choice of rows: ONNX Runtime takes thirty times as long for the transpose of four axes
 * that they make up, and would make that of two transposes again.
 */
function batchLast(images: Tensor): Tensor {
  const [batch, height, width, channels] = images.shape as [number, number, number, number];
  const count = height * width * channels;
  const rows = transpose(reshape(images, [batch, count]), [1, 0]);
  const pixels = height * width;
  const order = Int32Array.from(
    { length: count },
    (_, i) => (i % pixels) * channels + Math.floor(i / pixels),
  );
  return reshape(gather(rows, constant(order, [count], 'int64')), [channels, height, width, batch]);
}
