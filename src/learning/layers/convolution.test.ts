import { describe, expect, it } from 'vitest';
import { buildLayer } from '../../../test/fixtures/build-layer.js';
import { evaluate } from '../../../test/oracle/evaluate.js';
import { expectClose } from '../../../test/oracle/expect-close.js';
import { interpret } from '../../../test/oracle/interpreter.js';
import { type NaiveArray, naiveArray, tabulate } from '../../../test/oracle/naive-array.js';
import { parameterValues } from '../../../test/oracle/parameter-values.js';
import { randomArray } from '../../../test/oracle/random-array.js';
import { Random } from '../../core/random.js';
import { input, type Layout } from '../../engine/index.js';
import { zeros } from '../initializers.js';
import { type ConvolutionOptions, convolution } from './convolution.js';

const float32 = 2e-6;
const [batch, height, width, channels] = [2, 7, 6, 3];
const imageShape = {
  NHWC: [batch, height, width, channels],
  NCHW: [batch, channels, height, width],
  HWNC: [height, width, batch, channels],
  CHWN: [channels, height, width, batch],
};

const layer = (layout: Layout, options: ConvolutionOptions) =>
  buildLayer({ layout }, (context) =>
    convolution(context, 'conv', input('x', 'float32', imageShape[layout]), options),
  );

/** [a, b, c, d] with its axes in another order, as `permutation` lists them. */
const permuted = ({ shape, values }: NaiveArray, permutation: readonly number[]): NaiveArray =>
  tabulate(
    permutation.map((axis) => shape[axis]),
    (index) => {
      const from = shape.map((_, axis) => index[permutation.indexOf(axis)]);
      return values[from.reduce((position, i, axis) => position * shape[axis] + i, 0)];
    },
  );

describe('convolution', () => {
  it.each<ConvolutionOptions>([
    { width: 4 },
    { width: 5, stride: 2, padding: 1 },
    { width: 2, kernel: 1 },
    { width: 3, kernel: 5, padding: 2, bias: false },
  ])('gives the same in both layouts, and what the oracle gives: %j', async (options) => {
    const { kernel = 3, width: outChannels } = options;
    const x = randomArray(imageShape.NHWC, { stream: 'x' });
    const weights = randomArray([kernel, kernel, channels, outChannels], { stream: 'weights' });
    const bias = randomArray([outChannels], { stream: 'bias' });
    const last = { x, 'conv.weights': weights, 'conv.bias': bias };
    const first = {
      x: permuted(x, [0, 3, 1, 2]),
      'conv.weights': permuted(weights, [3, 2, 0, 1]),
      'conv.bias': bias,
    };
    const [nhwc, nchw] = [layer('NHWC', options).y, layer('NCHW', options).y];
    const [expected] = interpret([nhwc], last);
    const [inNhwc] = await evaluate([nhwc], last);
    const [inNchw] = await evaluate([nchw], first);
    const backAgain = permuted(naiveArray(nchw.shape as number[], inNchw), [0, 2, 3, 1]);
    expectClose('NHWC', inNhwc, expected.values, float32);
    expectClose('NCHW', backAgain.values, expected.values, float32);
  });

  it.each<[Layout, number[]]>([
    ['NHWC', [5, 5, 3, 8]],
    ['NCHW', [8, 3, 5, 5]],
  ])('starts with Glorot uniform weights of its layout and biases of zero, in %s', (layout, shape) => {
    const { parameters } = layer(layout, { width: 8, kernel: 5 });
    const { 'conv.weights': weights, 'conv.bias': bias } = parameterValues(
      parameters,
      parameters.initialize((name) => Random.of(1, name)),
    );
    const limit = Math.sqrt(6 / (25 * 3 + 25 * 8));
    expect(weights.shape).toEqual(shape);
    expect(Math.max(...weights.values)).toBeLessThanOrEqual(limit);
    expect(Math.max(...weights.values)).toBeGreaterThan(0.95 * limit);
    expect(bias.values).toEqual(new Float64Array(8));
  });

  it('gives an initializer the fans of its kernel, and has no bias where none is wanted', () => {
    const { parameters } = layer('NCHW', {
      width: 4,
      bias: false,
      initializer: (fans) => {
        expect(fans).toEqual({ fanIn: 27, fanOut: 36 });
        return zeros;
      },
    });
    expect(parameters.length).toBe(3 * 3 * 3 * 4);
  });
});
