import { elementCount, staticShape } from '../shape.js';
import { apply, applyAll, type Lowering, type Operation, type Tensor } from '../tensor.js';
import { channelsFirst, type Layout, spatialAxes } from './conv2d/geometry.js';
import { maxOfBlocks } from './max-of-blocks.js';
import { requireBlock, wholeBlocks } from './pooling-blocks.js';
import { transpose } from './transpose.js';

interface PoolAttributes {
  readonly size: number;
  readonly stride: number;
}

const operation: Operation<PoolAttributes> = {
  name: 'maxPool',
  infer([x], { size, stride }) {
    const [batch, channels, height, width] = x!.shape;
    const pooled = (length: number) => Math.floor((length - size) / stride) + 1;
    const shape = [batch!, channels!, pooled(height as number), pooled(width as number)];
    return [
      { dtype: 'float32', shape },
      { dtype: 'int64', shape },
    ];
  },
  emit: ({ add, inputs, outputs, attributes: { size, stride } }) =>
    void add('MaxPool', inputs, { kernel_shape: [size, size], strides: [stride, stride] }, outputs),
  gradient({ inputs: [x], outputs: [, indices], attributes, outputGradient: g }) {
    const shape = staticShape('maxPool (gradient)', x!);
    return [apply(unpool, [g, indices!], { ...attributes, shape })];
  },
};

interface UnpoolAttributes extends PoolAttributes {
  readonly shape: readonly number[];
}

const unpool: Operation<UnpoolAttributes> = {
  name: 'maxUnpool',
  infer: (_, { shape }) => [{ dtype: 'float32', shape }],
  emit: (emission) => unpoolings(emission.attributes)[0]!.emit(emission),
  lowerings: ({ attributes }) => unpoolings(attributes),
};

/** Where windows overlap a pixel may be the largest of several, so the gradients have to add up. */
function unpoolings({ size, stride }: PoolAttributes): Lowering<UnpoolAttributes>[] {
  return stride >= size ? [byUnpooling, byScattering] : [byScattering];
}

const byUnpooling: Lowering<UnpoolAttributes> = {
  name: 'unpooling',
  emit({ add, constant, inputs, outputs, attributes: { size, stride, shape } }) {
    const dims = constant('int64', [4], shape);
    add('MaxUnpool', [...inputs, dims], { kernel_shape: [size, size], strides: [stride, stride] }, outputs);
  },
};

const byScattering: Lowering<UnpoolAttributes> = {
  name: 'scattering',
  emit({ add, constant, inputs, outputs, attributes: { shape } }) {
    const list = (value: number) => constant('int64', [1], [value]);
    const flat = (value: string) => add('Reshape', [value, list(-1)]);
    const zeros = add('Expand', [constant('float32', [], [0]), list(elementCount(shape))]);
    const options = { axis: 0, reduction: 'add' };
    const added = add('ScatterElements', [zeros, flat(inputs[1]!), flat(inputs[0]!)], options);
    add('Reshape', [added, constant('int64', [4], shape)], {}, outputs);
  },
};

export interface PoolOptions {
  readonly layout: Layout;
  /** Height and width of the window, in pixels. */
  readonly size: number;
  /** Pixels from one window to the next. Default: the size of the window. */
  readonly stride?: number;
}

/**
 * Largest value of every window, per channel; windows that would reach over the edge are left out. The gradient goes to
 * the first of equal largest values.
 * @param x float32 [N, H, W, C], [N, C, H, W], [H, W, N, C] or [C, H, W, N], as the layout says
 */
export function maxPool(x: Tensor, { layout, size, stride = size }: PoolOptions): Tensor {
  requireBlock('maxPool', x, layout, size);
  if (layout !== 'NHWC' && layout !== 'NCHW' && stride === size) {
    const axes = spatialAxes(layout);
    // What is left over goes first: cut off after the first axis is pooled, that result would be held in two versions.
    const whole = axes.reduce((cropped, axis) => wholeBlocks(cropped, axis, size), x);
    return axes.reduce((pooled, axis) => maxOfBlocks(pooled, axis, size), whole);
  }
  if (layout !== 'NCHW') {
    const { there, back } = channelsFirst[layout];
    return transpose(maxPool(transpose(x, there), { layout: 'NCHW', size, stride }), back);
  }
  return applyAll(operation, [x], { size, stride })[0]!;
}
