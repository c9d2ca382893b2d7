import { describe, expect, it } from 'vitest';
import { checkGradients, checkValues, float32Tolerance } from '../../../test/oracle/check-gradients.js';
import { evaluate } from '../../../test/oracle/evaluate.js';
import { expectClose } from '../../../test/oracle/expect-close.js';
import { expectShapeMismatch } from '../../../test/oracle/expect-shape-mismatch.js';
import { interpret } from '../../../test/oracle/interpreter.js';
import { naiveArray } from '../../../test/oracle/naive-array.js';
import { randomArray } from '../../../test/oracle/random-array.js';
import { gradients } from '../gradients.js';
import { input } from './input.js';
import { mapAxis } from './map-axis.js';
import { matmul } from './matmul.js';
import { maxOfBlocks } from './max-of-blocks.js';
import { multiply } from './multiply.js';
import { parameter } from './parameter.js';
import { reverse } from './reverse.js';
import { sum } from './sum.js';

describe('mapAxis', () => {
  const matrix = [
    [1, -2, 0.5],
    [0, 3, 1],
  ];
  it.each([
    { shape: [3], axis: 0 },
    { shape: [3, 4], axis: 0 },
    { shape: [4, 3], axis: 1 },
    { shape: [2, 3, 5], axis: 1 },
    { shape: [2, 4, 3], axis: -1 },
  ])('agrees with the oracle, value and gradient, for %j', async ({ shape, axis }) => {
    await checkGradients({
      parameters: { x: randomArray(shape) },
      build: ({ x }) => [mapAxis(x, axis, matrix), mapAxis(x, axis, matrix, { apart: true })],
    });
  });
  it.each([
    { title: 'equal blocks', block: [[1, -2, 0.5]], count: 3, last: 1 },
    {
      title: 'equal blocks of several rows',
      block: [
        [2, 1],
        [0, 3],
        [1, 1],
      ],
      count: 2,
      last: 1,
    },
    { title: 'blocks of which one differs', block: [[1, -2, 0.5]], count: 3, last: 2 },
  ])('agrees with the oracle for a matrix of $title along its diagonal', async ({ block, count, last }) => {
    const width = block[0]!.length;
    const blocks = Array.from({ length: count * block.length }, (_, i) => {
      const copy = Math.floor(i / block.length);
      const row = block[i % block.length]!.map((value) => (copy === count - 1 ? last * value : value));
      return [...Array(copy * width).fill(0), ...row, ...Array((count - 1 - copy) * width).fill(0)];
    });
    await checkGradients({
      parameters: { x: randomArray([2, count * width, 3]) },
      build: ({ x }) => [mapAxis(x, 1, blocks), mapAxis(x, 1, blocks, { apart: true })],
    });
    // With more numbers behind the axis, blocks are products of their own.
    const x = randomArray([2, count * width, 5500]);
    const parameterX = parameter('x', x.shape);
    const y = mapAxis(parameterX, 1, blocks);
    const tensors = [y, ...gradients(sum(multiply(y, y)), [parameterX])];
    const naive = interpret(tensors, { x });
    const actual = await evaluate(tensors, { x });
    for (const i of tensors.keys()) expectClose(`${i}`, actual[i]!, naive[i]!.values, float32Tolerance);
  });
  it('refuses an axis of another length than the matrix has columns', () => {
    expectShapeMismatch(
      () => mapAxis(parameter('x', [3, 4]), 1, matrix),
      'mapAxis',
      '3 elements along axis 1',
    );
    expectShapeMismatch(() => mapAxis(input('x', 'int64', [3]), 0, matrix), 'mapAxis', 'int64');
  });
});

describe('maxOfBlocks', () => {
  it.each([
    { shape: [4, 3], axis: 0, size: 2 },
    { shape: [7, 2], axis: 0, size: 3 },
    { shape: [2, 5, 3], axis: 1, size: 2 },
    { shape: [2, 6], axis: 1, size: 6 },
    { shape: [3], axis: 0, size: 1 },
  ])('agrees with the oracle, value and gradient, for %j', async ({ shape, axis, size }) => {
    await checkGradients({
      parameters: { x: randomArray(shape) },
      build: ({ x }) => maxOfBlocks(x, axis, size),
    });
  });
  it('hands the whole gradient to the first of equal largest elements', async () => {
    const x = parameter('x', [6]);
    const [derived] = gradients(sum(maxOfBlocks(x, 0, 3)), [x]);
    const [gradient] = await evaluate([derived], { x: naiveArray([6], [2, 2, 2, 0, 5, 5]) });
    expect(gradient).toEqual([1, 0, 0, 0, 1, 0]);
  });
  it('counts a negative axis from the end', async () => {
    const x = parameter('x', [2, 5]);
    expect(maxOfBlocks(x, -1, 2).shape).toEqual([2, 2]);
    const values = { x: naiveArray([2, 5], [1, 3, -2, -4, 9, 0, 0, 7, 6, 9]) };
    expect(await evaluate([maxOfBlocks(x, -1, 2)], values)).toEqual([[3, -2, 0, 7]]);
  });
  it('refuses blocks longer than the axis', () => {
    expectShapeMismatch(() => maxOfBlocks(parameter('x', [3]), 0, 4), 'maxOfBlocks', 'at least 4');
  });
});

describe('reverse', () => {
  it.each([0, 1, -1])('agrees with the oracle, value and gradient, along axis %d', async (axis) => {
    await checkGradients({
      parameters: { x: randomArray([2, 3, 4]) },
      build: ({ x }) => reverse(x, axis),
    });
  });
  it('is undone by itself, also where the number of images is not known', async () => {
    const x = input('x', 'float32', ['N', 2, 3]);
    await checkValues([reverse(x, 2), reverse(reverse(x, 2), 2)], { x: randomArray([2, 2, 3]) }, 0);
  });
});

describe('matmul of stacked matrices', () => {
  const forms = [false, true].flatMap((transposeA) =>
    [false, true].map((transposeB) => ({ transposeA, transposeB })),
  );
  const stacks = [
    [[2], [2]],
    [
      [2, 3],
      [1, 3],
    ],
    [
      [2, 1, 3],
      [2, 2, 1],
    ],
    [[], [3]],
    [[2, 2], []],
  ];
  it.each(forms.flatMap((form) => stacks.map(([a, b]) => ({ ...form, a, b }))))(
    'agrees with the oracle, value and gradient, with %j',
    async ({ transposeA, transposeB, a: stackA, b: stackB }) => {
      await checkGradients({
        parameters: {
          a: randomArray([...stackA, ...(transposeA ? [4, 3] : [3, 4])], { stream: 'a' }),
          b: randomArray([...stackB, ...(transposeB ? [5, 4] : [4, 5])], { stream: 'b' }),
        },
        build: ({ a, b }) => matmul(a, b, { transposeA, transposeB }),
      });
    },
  );
  it.each(forms)('gives the same in a portable file, with %j', async (how) => {
    const shapeA = how.transposeA ? [2, 4, 3] : [2, 3, 4];
    const shapeB = how.transposeB ? [2, 5, 4] : [2, 4, 5];
    const product = matmul(parameter('a', shapeA), parameter('b', shapeB), how);
    const values = { a: randomArray(shapeA, { stream: 'a' }), b: randomArray(shapeB, { stream: 'b' }) };
    const [portable] = await evaluate([product], values, 'portable');
    const [training] = await evaluate([product], values);
    expect(portable).toEqual(training);
  });
  it('refuses stacks that do not broadcast, and a bias', () => {
    const [a, b] = [parameter('a', [2, 3, 4]), parameter('b', [3, 4, 5])];
    expectShapeMismatch(() => matmul(a, b), 'matmul', 'broadcast');
    const plain = parameter('c', [4, 5]);
    expectShapeMismatch(() => matmul(a, plain, { bias: parameter('d', [5]) }), 'matmul', 'plain matrices');
  });
});
