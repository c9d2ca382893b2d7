import { describe, expect, it } from 'vitest';
import { checkGradients, float32Tolerance } from '../../../../test/oracle/check-gradients.js';
import { evaluate } from '../../../../test/oracle/evaluate.js';
import { expectClose } from '../../../../test/oracle/expect-close.js';
import { expectShapeMismatch } from '../../../../test/oracle/expect-shape-mismatch.js';
import { interpret } from '../../../../test/oracle/interpreter.js';
import { at, tabulate } from '../../../../test/oracle/naive-array.js';
import { randomArray } from '../../../../test/oracle/random-array.js';
import { emitGraph } from '../../emit.js';
import { gradients } from '../../gradients.js';
import { broadcastShape } from '../../shape.js';
import type { Tensor } from '../../tensor.js';
import { constant } from '../constant.js';
import { input } from '../input.js';
import { maxPool } from '../max-pool.js';
import { parameter } from '../parameter.js';
import { sum } from '../sum.js';
import { conv2d } from './conv2d.js';
import {
  batchAxis,
  channelAxis,
  channelsLast,
  imageShape,
  type Layout,
  perChannelShape,
  portableLayout,
  spatialAxes,
} from './geometry.js';

const layouts: readonly Layout[] = ['NHWC', 'NCHW', 'CHWN'];
const [inChannels, outChannels] = [2, 3];

const kernelShape = (layout: Layout, height: number, width: number) =>
  channelsLast(layout) ? [height, width, inChannels, outChannels] : [outChannels, inChannels, height, width];

interface Case {
  readonly layout: Layout;
  readonly stride: number;
  readonly padding: number;
  readonly kernel: readonly [height: number, width: number];
  readonly image: readonly [height: number, width: number];
  readonly batch: number;
  readonly hasBias: boolean;
}

const kernels = [
  [1, 1],
  [2, 2],
  [3, 3],
  [3, 5],
] as const;

/** 5×6 images: at strides 2 and 3 some kernels leave the last rows or columns uncovered. */
const grid = layouts.flatMap((layout) =>
  [1, 2, 3].flatMap((stride) =>
    [0, 1, 2].flatMap((padding) =>
      kernels.map((kernel): Case => {
        const batch = stride === 2 ? 1 : 2;
        return { layout, stride, padding, kernel, image: [5, 6], batch, hasBias: padding !== 1 };
      }),
    ),
  ),
);

const corners = layouts.flatMap((layout): Case[] => [
  { layout, stride: 1, padding: 0, kernel: [3, 3], image: [3, 3], batch: 1, hasBias: false },
  { layout, stride: 1, padding: 0, kernel: [1, 1], image: [1, 1], batch: 1, hasBias: true },
  { layout, stride: 1, padding: 2, kernel: [3, 3], image: [1, 1], batch: 2, hasBias: false },
  { layout, stride: 1, padding: 1, kernel: [3, 1], image: [1, 4], batch: 3, hasBias: false },
  { layout, stride: 4, padding: 0, kernel: [2, 2], image: [9, 7], batch: 1, hasBias: true },
]);

function valuesOf({ layout, kernel, image, batch, hasBias }: Case, to = 1) {
  return {
    x: randomArray(imageShape(layout, batch, ...image, inChannels) as number[], { from: -to, to }),
    weights: randomArray(kernelShape(layout, ...kernel), { from: -to, to, stream: 'weights' }),
    ...(hasBias && { bias: randomArray([outChannels], { stream: 'bias' }) }),
  };
}

describe('conv2d', () => {
  it.each([...grid, ...corners])('agrees with the oracle, value and gradient, for %j', async (options) => {
    await checkGradients({
      parameters: valuesOf(options),
      build: ({ x, weights, bias }) => conv2d(x, weights, { ...options, bias }),
    });
  });

  it.each([...layouts, 'HWNC' as const])(
    'multiplies the images by a scale in %s, gradients as well',
    async (layout) => {
      const options: Case = {
        layout,
        stride: 1,
        padding: 1,
        kernel: [3, 3],
        image: [4, 5],
        batch: 2,
        hasBias: true,
      };
      const scale = 0.25;
      const values = valuesOf(options);
      const build = ({ x, weights, bias }: Record<string, Tensor>) =>
        conv2d(x, weights, { ...options, bias, scale });
      await checkGradients({ parameters: values, build });
      const tensors = Object.fromEntries(
        Object.entries(values).map(([name, { shape }]) => [name, parameter(name, shape)]),
      );
      const plain = interpret([conv2d(tensors.x, tensors.weights, { ...options, bias: tensors.bias })], {
        ...values,
        x: { ...values.x, values: values.x.values.map((value) => scale * value) },
      });
      expectClose('scaled', interpret([build(tensors)], values)[0].values, plain[0].values, 1e-12);
    },
  );

  // Weight gradients of NCHW are written in other forms from 16×16 pixels on, and for few and many channels.
  it.each([
    { channels: 3, image: [17, 16], stride: 1, padding: 1 },
    { channels: 6, image: [17, 16], stride: 1, padding: 1 },
    { channels: 6, image: [18, 18], stride: 1, padding: 0 },
    { channels: 3, image: [33, 32], stride: 2, padding: 1 },
    { channels: 6, image: [33, 32], stride: 2, padding: 1 },
  ])('agrees with the oracle on large maps, for %j', async ({ channels, image, stride, padding }) => {
    const images = randomArray([2, channels, ...image]);
    await checkGradients({
      parameters: { weights: randomArray([4, channels, 3, 3], { stream: 'weights' }) },
      inputs: { images },
      build: ({ weights }) =>
        conv2d(input('images', 'float32', [2, channels, ...image]), weights, {
          layout: 'NCHW',
          stride,
          padding,
        }),
    });
  });

  it.each([...grid, ...corners])(
    'computes the same in a portable file of any batch size, for %j',
    async (options) => {
      const values = valuesOf(options);
      const shape = imageShape(options.layout, 'N', ...options.image, inChannels);
      const x = input('x', 'float32', shape);
      const weights = parameter('weights', values.weights.shape);
      const bias = values.bias && parameter('bias', values.bias.shape);
      const result = conv2d(x, weights, { ...options, bias });
      const [portable] = await evaluate([result], values, 'portable');
      expectClose('portable', portable, interpret([result], values)[0].values, float32Tolerance);
    },
  );

  it.each(layouts.flatMap((layout) => [1e4, 1e-4].map((to) => ({ layout, to }))))(
    'agrees with the oracle at a magnitude of $to in $layout',
    async ({ layout, to }) => {
      const options: Case = {
        layout,
        stride: 1,
        padding: 1,
        kernel: [3, 3],
        image: [4, 4],
        batch: 1,
        hasBias: false,
      };
      await checkGradients({
        parameters: valuesOf(options, to),
        build: ({ x, weights }) => conv2d(x, weights, options),
      });
    },
  );

  it('adds up the gradients of two convolutions of the same images', async () => {
    const shape = kernelShape('NHWC', 3, 3);
    await checkGradients({
      parameters: {
        x: randomArray([1, 5, 5, inChannels]),
        first: randomArray(shape, { stream: 'first' }),
        second: randomArray(shape, { stream: 'second' }),
      },
      build: ({ x, first, second }) => [
        conv2d(x, first, { layout: 'NHWC', padding: 1 }),
        conv2d(x, second, { layout: 'NHWC', stride: 2, padding: 1 }),
      ],
    });
  });

  it('refuses images and weights that do not fit, naming both shapes', () => {
    const x = parameter('x', [2, 5, 5, 3]);
    const weights = parameter('weights', [3, 3, 4, 8]);
    expectShapeMismatch(
      () => conv2d(x, weights, { layout: 'NHWC' }),
      'conv2d',
      '[2, 5, 5, 3]',
      '[3, 3, 4, 8]',
    );
    expectShapeMismatch(
      () => conv2d(x, weights, { layout: 'NCHW' }),
      'conv2d',
      '[2, 5, 5, 3]',
      '[3, 3, 4, 8]',
    );
  });
  it('refuses images smaller than the kernel', () => {
    const [x, weights] = [parameter('x', [1, 2, 5, 1]), parameter('weights', [3, 3, 1, 1])];
    expectShapeMismatch(
      () => conv2d(x, weights, { layout: 'NHWC' }),
      'conv2d',
      '[1, 2, 5, 1]',
      '[3, 3, 1, 1]',
    );
  });
  it('refuses what are no images, or not numbers', () => {
    const weights = parameter('weights', [3, 3, 1, 1]);
    expectShapeMismatch(
      () => conv2d(parameter('x', [5, 5, 1]), weights, { layout: 'NHWC' }),
      'conv2d',
      '[5, 5, 1]',
    );
    const pixels = input('pixels', 'uint8', [1, 5, 5, 1]);
    expectShapeMismatch(() => conv2d(pixels, weights, { layout: 'NHWC' }), 'conv2d', 'uint8 [1, 5, 5, 1]');
    const sized = input('sized', 'float32', [1, 'H', 5, 1]);
    expectShapeMismatch(() => conv2d(sized, weights, { layout: 'NHWC' }), 'conv2d', '[1, H, 5, 1]');
  });
  it('refuses a bias of another length', () => {
    const [x, weights] = [parameter('x', [1, 5, 5, 1]), parameter('weights', [3, 3, 1, 4])];
    const bias = parameter('bias', [3]);
    expectShapeMismatch(() => conv2d(x, weights, { layout: 'NHWC', bias }), 'conv2d', '[3, 3, 1, 4]', '[3]');
  });
  it.each([
    { layout: 'NHWC', padding: 1 },
    { layout: 'CHWN', padding: 1 },
    { layout: 'CHWN', padding: 0 },
  ] as const)('refuses a batch whose size is not known in a training program, with %j', (options) => {
    const x = input('x', 'float32', imageShape(options.layout, 'N', 5, 5, 1));
    const y = conv2d(
      x,
      constant([1, 2, 3, 4], options.layout === 'NHWC' ? [2, 2, 1, 1] : [1, 1, 2, 2]),
      options,
    );
    expectShapeMismatch(() => emitGraph({ outputs: { y }, target: 'training' }), 'conv2d', "'N'");
  });
  it('has no second derivatives, and says so', () => {
    const [x, weights] = [parameter('x', [1, 5, 5, 1]), parameter('weights', [3, 3, 1, 1])];
    const [gradient] = gradients(sum(conv2d(x, weights, { layout: 'NHWC' })), [x]);
    expect(() => gradients(sum(gradient), [weights])).toThrow(/'conv2dInputGradient', which has none/);
  });
});

const allLayouts: readonly Layout[] = [...layouts, 'HWNC'];

describe.each([
  { pool: 'averagePool', combined: (values: number[]) => values.reduce((a, b) => a + b) / values.length },
  { pool: 'maxPool', combined: (values: number[]) => Math.max(...values) },
] as const)('$pool of a convolution', ({ pool, combined }) => {
  const pooled = [
    { image: [6, 4], padding: 1, stride: 1, side: 2, hasBias: true },
    { image: [7, 6], padding: 0, stride: 1, side: 2, hasBias: true },
    { image: [9, 8], padding: 1, stride: 2, side: 2, hasBias: false },
    { image: [5, 5], padding: 0, stride: 1, side: 3, hasBias: false },
    { image: [5, 7], padding: 1, stride: 1, side: 2, hasBias: true },
  ] as const;
  const cases = allLayouts.flatMap((layout) =>
    pooled.map((c) => ({ layout, kernel: [3, 3] as const, batch: 2, ...c })),
  );
  it.each(cases)('has the gradient of the oracle, for %j', async (c) => {
    await checkGradients({
      parameters: valuesOf(c),
      build: ({ x, weights, bias }) => conv2d(x, weights, { ...c, bias, [pool]: c.side }),
    });
  });
  it.each(cases)('is what pooling the outputs by hand gives, for %j', async (c) => {
    const { layout, side } = c;
    const values = valuesOf(c);
    const [x, weights] = [parameter('x', values.x.shape), parameter('weights', values.weights.shape)];
    const bias = values.bias && parameter('bias', values.bias.shape);
    const [full] = interpret([conv2d(x, weights, { ...c, bias })], values);
    const result = conv2d(x, weights, { ...c, bias, [pool]: side });
    const [rows, columns] = spatialAxes(layout);
    const expected = tabulate(result.shape as number[], (index) =>
      combined(
        Array.from({ length: side ** 2 }, (_, i) => {
          const [dy, dx] = [Math.floor(i / side), i % side];
          const there = index.with(rows, index[rows] * side + dy).with(columns, index[columns] * side + dx);
          return at(full, there);
        }),
      ),
    );
    const [actual] = await evaluate([result], values);
    expectClose(pool, actual, expected.values, float32Tolerance);
  });
  it.each(allLayouts)('needs a block of outputs, in %s', (layout) => {
    const x = parameter('x', imageShape(layout, 2, 1, 3, inChannels) as number[]);
    const weights = parameter('weights', kernelShape(layout, 3, 3));
    expectShapeMismatch(() => conv2d(x, weights, { layout, padding: 1, [pool]: 2 }), 'conv2d', '2×2');
  });
});

it('a convolution is averaged first where it is told to do both', async () => {
  const values = { x: randomArray([9, 8, 1, 2]), weights: randomArray([3, 3, 2, 3]) };
  const [x, weights] = [parameter('x', [9, 8, 1, 2]), parameter('weights', [3, 3, 2, 3])];
  const options = { layout: 'HWNC', padding: 1, averagePool: 2 } as const;
  const [both, after] = await evaluate(
    [
      conv2d(x, weights, { ...options, maxPool: 2 }),
      maxPool(conv2d(x, weights, options), { layout: 'HWNC', size: 2 }),
    ],
    values,
  );
  expectClose('both', both, after, float32Tolerance);
});

describe('channelAxis', () => {
  it('is where the layout has its C', () => {
    expect(allLayouts.map(channelAxis)).toEqual(allLayouts.map((layout) => layout.indexOf('C')));
  });
});

describe('channelsLast', () => {
  it('tells where channels are the last axis', () => {
    expect(allLayouts.map(channelsLast)).toEqual([true, false, false, true]);
  });
});

describe('portableLayout', () => {
  it('has kernels of the same shape', () => {
    for (const layout of allLayouts) {
      expect(channelsLast(portableLayout(layout))).toBe(channelsLast(layout));
    }
  });
});

describe('perChannelShape', () => {
  it('stretches to maps, one number for a channel', () => {
    for (const layout of allLayouts) {
      const maps = imageShape(layout, 2, 3, 4, 5);
      expect(
        broadcastShape('test', [
          parameter('maps', maps as number[]),
          parameter('c', perChannelShape(layout, 5)),
        ]),
      ).toEqual(maps);
    }
  });
});

describe('batchAxis', () => {
  it('is where the layout has its N', () => {
    expect(allLayouts.map(batchAxis)).toEqual(allLayouts.map((layout) => layout.indexOf('N')));
  });
});

describe('spatialAxes', () => {
  it('are where the layout has its H and W', () => {
    expect(allLayouts.map(spatialAxes)).toEqual(
      allLayouts.map((layout) => [layout.indexOf('H'), layout.indexOf('W')]),
    );
  });
});
