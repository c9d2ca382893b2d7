import { describe, expect, it } from 'vitest';
import { checkGradients, checkValues } from '../../../test/oracle/check-gradients.js';
import { evaluate } from '../../../test/oracle/evaluate.js';
import { expectShapeMismatch } from '../../../test/oracle/expect-shape-mismatch.js';
import { naiveArray } from '../../../test/oracle/naive-array.js';
import { randomArray } from '../../../test/oracle/random-array.js';
import { gradients } from '../gradients.js';
import type { Tensor } from '../tensor.js';
import { averagePool } from './average-pool.js';
import { imageShape, type Layout, spatialAxes } from './conv2d/geometry.js';
import { input } from './input.js';
import { maxPool } from './max-pool.js';
import { parameter } from './parameter.js';
import { slice } from './slice.js';
import { sum } from './sum.js';

const layouts: readonly Layout[] = ['NHWC', 'NCHW', 'HWNC', 'CHWN'];

/** Images of 2 × 3 channels, in a layout. */
const images = (layout: Layout, height: number, width: number) =>
  imageShape(layout, 2, height, width, 3) as number[];

describe('maxPool', () => {
  const windows = [
    { size: 2, stride: 2, height: 4, width: 6 },
    { size: 2, stride: 2, height: 5, width: 7 },
    { size: 3, stride: 2, height: 7, width: 6 },
    { size: 3, stride: 1, height: 5, width: 4 },
    { size: 2, stride: 3, height: 8, width: 7 },
    { size: 1, stride: 1, height: 2, width: 3 },
    { size: 3, stride: 3, height: 3, width: 3 },
    { size: 1, stride: 2, height: 1, width: 5 },
  ];
  it.each(layouts.flatMap((layout) => windows.map((window) => ({ layout, ...window }))))(
    'agrees with the oracle, value and gradient, for %j',
    async ({ layout, size, stride, height, width }) => {
      await checkGradients({
        parameters: { x: randomArray(images(layout, height, width)) },
        build: ({ x }) => maxPool(x, { layout, size, stride }),
      });
    },
  );
  it('moves by its size unless told otherwise', () => {
    expect(maxPool(parameter('x', [1, 1, 6, 9]), { layout: 'NCHW', size: 3 }).shape).toEqual([1, 1, 2, 3]);
  });
  it.each([1e4, 1e-4])('agrees with the oracle at a magnitude of %d', async (to) => {
    await checkGradients({
      parameters: { x: randomArray([1, 2, 5, 5], { from: -to, to }) },
      build: ({ x }) => maxPool(x, { layout: 'NCHW', size: 3, stride: 2 }),
    });
  });
  it.each([
    {
      title: 'to the first of equal largest values',
      size: 2,
      stride: 2,
      image: [
        [5, 5, 1, 1],
        [5, 5, 1, 1],
      ],
      gradient: [1, 0, 1, 0, 0, 0, 0, 0],
    },
    {
      title: 'to the first of equal largest values of windows that overlap',
      size: 2,
      stride: 1,
      image: [
        [5, 5, 5],
        [5, 5, 5],
      ],
      gradient: [1, 1, 0, 0, 0, 0],
    },
    {
      title: 'of four windows to the pixel that is the largest of all',
      size: 2,
      stride: 1,
      image: [
        [1, 2, 3],
        [4, 9, 5],
        [6, 7, 8],
      ],
      gradient: [0, 0, 0, 0, 4, 0, 0, 0, 0],
    },
  ])('gives the gradient $title', async ({ size, stride, image, gradient }) => {
    const shape = [1, 1, image.length, image[0].length];
    const x = parameter('x', shape);
    const pooled = maxPool(x, { layout: 'NCHW', size, stride });
    const values = { x: naiveArray(shape, image.flat()) };
    expect(await evaluate(gradients(sum(pooled), [x]), values)).toEqual([gradient]);
  });
  it.each(layouts)('refuses images smaller than its window, and what are no images, in %s', (layout) => {
    const pool = (x: Tensor) => () => maxPool(x, { layout, size: 3 });
    const [low, thin] = [images(layout, 2, 5), images(layout, 5, 2)];
    expectShapeMismatch(pool(parameter('x', low)), 'maxPool', layout, `[${low.join(', ')}]`);
    expectShapeMismatch(pool(parameter('x', thin)), 'maxPool', layout, `[${thin.join(', ')}]`);
    expectShapeMismatch(pool(parameter('x', [5, 5])), 'maxPool', '[5, 5]');
  });
  it('refuses images that are no numbers', () => {
    const options = { layout: 'NCHW', size: 3 } as const;
    expectShapeMismatch(() => maxPool(input('x', 'uint8', [1, 1, 5, 5]), options), 'maxPool', 'uint8');
  });
});

describe('averagePool', () => {
  const blocks = [
    { size: 2, height: 4, width: 6 },
    { size: 3, height: 3, width: 6 },
    { size: 1, height: 2, width: 1 },
    { size: 4, height: 4, width: 4 },
    // Rows and columns left over have a gradient of 0.
    { size: 2, height: 5, width: 7 },
    { size: 3, height: 4, width: 3 },
  ];
  it.each(layouts.flatMap((layout) => blocks.map((block) => ({ layout, ...block }))))(
    'agrees with the oracle, value and gradient, for %j',
    async ({ layout, size, height, width }) => {
      await checkGradients({
        parameters: { x: randomArray(images(layout, height, width)) },
        build: ({ x }) => averagePool(x, { layout, size }),
      });
    },
  );
  it.each([1e4, 1e-4])('agrees with the oracle at a magnitude of %d', async (to) => {
    await checkGradients({
      parameters: { x: randomArray([1, 2, 4, 4], { from: -to, to }) },
      build: ({ x }) => averagePool(x, { layout: 'NCHW', size: 2 }),
    });
  });
  it('takes any number of images', async () => {
    const x = input('x', 'float32', ['N', 2, 2, 1]);
    await checkValues([averagePool(x, { layout: 'NHWC', size: 2 })], { x: randomArray([5, 2, 2, 1]) });
  });
  it.each(layouts)('drops rows and columns left over at the end, in %s', async (layout) => {
    const [rows, columns] = spatialAxes(layout);
    const x = parameter('x', images(layout, 5, 7));
    const cropped = slice(slice(x, rows, 0, 4), columns, 0, 6);
    const [all, whole] = await evaluate(
      [averagePool(x, { layout, size: 2 }), averagePool(cropped, { layout, size: 2 })],
      { x: randomArray(images(layout, 5, 7)) },
    );
    expect(all).toEqual(whole);
  });
  it.each(layouts)('refuses images smaller than its size, and what are no images, in %s', (layout) => {
    const pool = (x: Tensor) => () => averagePool(x, { layout, size: 2 });
    const [low, thin] = [images(layout, 1, 4), images(layout, 4, 1)];
    expectShapeMismatch(pool(parameter('x', low)), 'averagePool', layout, `[${low.join(', ')}]`);
    expectShapeMismatch(pool(parameter('x', thin)), 'averagePool', layout, `[${thin.join(', ')}]`);
    expectShapeMismatch(pool(parameter('x', [4, 4])), 'averagePool', '[4, 4]');
    expectShapeMismatch(pool(input('x', 'uint8', images(layout, 4, 4))), 'averagePool', 'uint8');
  });
});
