import { apply, type Operation, type Tensor } from '../tensor.js';
import { constant } from './constant.js';
import { channelsFirst, type Layout, spatialAxes } from './conv2d/geometry.js';
import { mapAxis } from './map-axis.js';
import { multiply } from './multiply.js';
import { requireBlock, wholeBlocks } from './pooling-blocks.js';
import { transpose } from './transpose.js';

const operation: Operation<{ readonly size: number }> = {
  name: 'averagePool',
  infer([x], { size }) {
    const [batch, channels, height, width] = x!.shape;
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
 * Mean of every size×size block, per channel. Rows and columns left over at the end are dropped.
 * @param x float32 [N, H, W, C], [N, C, H, W], [H, W, N, C] or [C, H, W, N], as the layout says
 */
export function averagePool(
  x: Tensor,
  { layout, size }: { readonly layout: Layout; readonly size: number },
): Tensor {
  requireBlock('averagePool', x, layout, size);
  if (layout === 'HWNC' || layout === 'CHWN') {
    return spatialAxes(layout).reduce((pooled, axis) => mapAxis(pooled, axis, means(x, axis, size)), x);
  }
  if (layout === 'NHWC') {
    const { there, back } = channelsFirst[layout];
    return transpose(averagePool(transpose(x, there), { layout: 'NCHW', size }), back);
  }
  const whole = [2, 3].reduce((cropped, axis) => wholeBlocks(cropped, axis, size), x);
  return apply(operation, [whole], { size });
}

/** The matrix that takes the means of blocks along an axis. */
function means(x: Tensor, axis: number, size: number): number[][] {
  const length = x.shape[axis] as number;
  return Array.from({ length: Math.floor(length / size) }, (_, block) =>
    Array.from({ length }, (_, i) => (Math.floor(i / size) === block ? 1 / size : 0)),
  );
}
