import { describe, expect, it } from 'vitest';
import { checkGradients, checkValues, float32Tolerance } from '../../../test/oracle/check-gradients.js';
import { evaluate } from '../../../test/oracle/evaluate.js';
import { expectShapeMismatch } from '../../../test/oracle/expect-shape-mismatch.js';
import { randomArray } from '../../../test/oracle/random-array.js';
import { gradients } from '../gradients.js';
import { batchNormalization } from './batch-normalization.js';
import { constant } from './constant.js';
import { imageShape, type Layout } from './conv2d/geometry.js';
import { exp } from './exp.js';
import { input } from './input.js';
import { parameter } from './parameter.js';
import { square } from './square.js';
import { sum } from './sum.js';

const layouts: readonly Layout[] = ['NHWC', 'NCHW', 'HWNC', 'CHWN'];
const channels = 3;

const valuesOf = (layout: Layout, [batch, height, width]: readonly [number, number, number], range = {}) => ({
  x: randomArray(imageShape(layout, batch, height, width, channels) as number[], range),
  scale: randomArray([channels], { from: 0.5, to: 2, stream: 'scale' }),
  offset: randomArray([channels], { stream: 'offset' }),
});

describe('batchNormalization', () => {
  const sizes = [
    [4, 3, 2],
    [1, 3, 3],
    [5, 1, 1],
  ] as const;
  it.each(layouts.flatMap((layout) => sizes.map((size) => ({ layout, size }))))(
    'agrees with the oracle, value, statistics and gradient, for %j',
    async ({ layout, size }) => {
      const values = valuesOf(layout, size);
      await checkGradients({
        parameters: values,
        build: ({ x, scale, offset }) => batchNormalization(x, scale, offset, { layout }).y,
      });
      const x = parameter('x', values.x.shape);
      const [scale, offset] = [parameter('scale', [channels]), parameter('offset', [channels])];
      const { y, mean, variance } = batchNormalization(x, scale, offset, { layout });
      // A training program hands out the statistics that its gradients are made of.
      await checkValues([mean, variance, ...gradients(sum(exp(y)), [x, scale])], values);
    },
  );
  it.each(layouts)('takes another epsilon in %s', async (layout) => {
    await checkGradients({
      parameters: valuesOf(layout, [3, 2, 2]),
      build: ({ x, scale, offset }) => batchNormalization(x, scale, offset, { layout, epsilon: 0.1 }).y,
    });
  });
  it.each(layouts.flatMap((layout) => [1e4, 1e-4].map((to) => ({ layout, to }))))(
    'agrees with the oracle at a magnitude of $to in $layout',
    async ({ layout, to }) => {
      await checkGradients({
        parameters: valuesOf(layout, [3, 2, 2], { from: -to, to }),
        build: ({ x, scale, offset }) => batchNormalization(x, scale, offset, { layout }).y,
      });
    },
  );
  it.each(layouts)('makes a constant image its offset, with a finite gradient, in %s', async (layout) => {
    const shape = imageShape(layout, 2, 2, 2, channels) as number[];
    const x = parameter('x', shape);
    const ones = constant([1, 1, 1], [channels]);
    const offset = constant([0.5, 0, -1], [channels]);
    const { y } = batchNormalization(x, ones, offset, { layout });
    const values = { x: randomArray(shape, { from: 7, to: 7 }) };
    await checkValues([y], values);
    const [gradient] = await evaluate(gradients(sum(y), [x]), values);
    for (const component of gradient) expect(component).toSatisfy(Number.isFinite);
  });
  it.each(layouts)(
    'agrees with the oracle where the mean is 30 times the deviation in %s',
    async (layout) => {
      await checkGradients({
        parameters: valuesOf(layout, [4, 3, 3], { from: 50, to: 56 }),
        build: ({ x, scale, offset }) => batchNormalization(x, scale, offset, { layout }).y,
        // What is left of numbers after their mean is subtracted has a thirtieth of their accuracy.
        tolerance: 10 * float32Tolerance,
      });
    },
  );
  // ONNX Runtime writes statistics over inputs of its operation; layers that share those spoil each other's gradients.
  it.each(layouts)('keeps the statistics of layers of equal size apart in %s', async (layout) => {
    const size = [2, 2, 2] as const;
    const { x } = valuesOf(layout, size);
    const [scale, offset] = [constant([1, 1, 1], [channels]), constant([0, 0, 0], [channels])];
    await checkGradients({
      parameters: { x },
      build: (parameters) => {
        const first = batchNormalization(parameters.x, scale, offset, { layout }).y;
        const second = batchNormalization(square(first), scale, offset, { layout }).y;
        return [second, batchNormalization(parameters.x, scale, offset, { layout, epsilon: 0.1 }).y];
      },
    });
  });
  it('agrees with the oracle on a single channel', async () => {
    await checkGradients({
      parameters: { x: randomArray([3, 2, 2, 1]), scale: randomArray([1]), offset: randomArray([1]) },
      build: ({ x, scale, offset }) => batchNormalization(x, scale, offset, { layout: 'NHWC' }).y,
    });
  });
  it('lets no gradient through its statistics', () => {
    const x = parameter('x', [2, 2, 2, channels]);
    const { mean, variance } = batchNormalization(x, parameter('s', [channels]), parameter('o', [channels]), {
      layout: 'NHWC',
    });
    for (const statistic of [mean, variance]) {
      expect(() => gradients(sum(statistic), [x])).toThrow(/every parameter to reach the loss/);
    }
  });
  it('refuses images, scales and offsets that do not fit, naming their shapes', () => {
    const x = parameter('x', [2, 4, 4, 3]);
    const [three, four] = [parameter('p', [3]), parameter('q', [4])];
    const name = 'batchNormalization';
    expectShapeMismatch(
      () => batchNormalization(x, four, three, { layout: 'NHWC' }),
      name,
      '[2, 4, 4, 3]',
      '[4]',
    );
    expectShapeMismatch(
      () => batchNormalization(x, three, three, { layout: 'NCHW' }),
      name,
      '[2, 4, 4, 3]',
      '[3]',
    );
    expectShapeMismatch(() => batchNormalization(three, three, three, { layout: 'NHWC' }), name, '[3]');
    const pixels = input('pixels', 'uint8', [2, 4, 4, 3]);
    expectShapeMismatch(() => batchNormalization(pixels, three, three, { layout: 'NHWC' }), name, 'uint8');
  });
});
