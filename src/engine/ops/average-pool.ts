import { shapeMismatch } from '../shape.js';
import { apply, type Operation, type Tensor } from '../tensor.js';
import { constant } from './constant.js';
import type { Layout } from './conv2d/geometry.js';
import { multiply } from './multiply.js';
import { transpose } from './transpose.js';

const operation: Operation<{ readonly size: number }> = {
  name: 'averagePool',
  infer([x], { size }) {
    const [batch, channels, height, width] = x!.shape;
    if (
      x!.dtype !== 'float32' ||
      x!.rank !== 4 ||
      (height as number) % size !== 0 ||
      (width as number) % size !== 0
    ) {
      throw shapeMismatch(
        'averagePool',
        `float32 images whose sides are multiples of ${size}`,
        [x!],
        'crop or pad them',
      );
    }
    return [
      { dtype: 'float32', shape: [batch!, channels!, (height as number) / size, (width as number) / size] },
    ];
  },
  emit: ({ add, inputs, outputs, attributes: { size } }) =>
    void add('AveragePool', inputs, { kernel_shape: [size, size], strides: [size, size] }, outputs),
  gradient: ({ attributes: { size }, outputGradient: g }) => [
    apply(repeat, [multiply(g, constant(1 / size ** 2))], { size }),
  ],
};

const repeat: Operation<{ readonly size: number }> = {
  name: 'repeatPixels',
  infer([x], { size }) {
    const [batch, channels, height, width] = x!.shape;
    return [
      { dtype: 'float32', shape: [batch!, channels!, (height as number) * size, (width as number) * size] },
    ];
  },
  emit({ add, constant: store, inputs, outputs, attributes: { size } }) {
    const scales = store('float32', [4], [1, 1, size, size]);
    const how = { mode: 'nearest', coordinate_transformation_mode: 'asymmetric', nearest_mode: 'floor' };
    add('Resize', [inputs[0]!, '', scales], how, outputs);
  },
  gradient: ({ attributes: { size }, outputGradient: g }) => [
    multiply(apply(operation, [g], { size }), constant(size ** 2)),
  ],
};

/**
 * Mean of every size×size block, per channel.
 * @param x float32 [N, H, W, C] or [N, C, H, W], as the layout says; sides are multiples of `size`
 */
export function averagePool(
  x: Tensor,
  { layout, size }: { readonly layout: Layout; readonly size: number },
): Tensor {
  if (layout === 'NCHW') return apply(operation, [x], { size });
  return transpose(apply(operation, [transpose(x, [0, 3, 1, 2])], { size }), [0, 2, 3, 1]);
}
