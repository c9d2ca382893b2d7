import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkGradients, checkValues } from '../../../test/oracle/check-gradients.js';
import { evaluate } from '../../../test/oracle/evaluate.js';
import { expectShapeMismatch } from '../../../test/oracle/expect-shape-mismatch.js';
import { naiveArray, sizeOf } from '../../../test/oracle/naive-array.js';
import { randomArray } from '../../../test/oracle/random-array.js';
import { gradients } from '../gradients.js';
import { constant } from './constant.js';
import { gather, scatterAdd } from './gather.js';
import { gatherElements, scatterElements } from './gather-elements.js';
import { input } from './input.js';
import { parameter } from './parameter.js';
import { sum } from './sum.js';
import { topK } from './top-k.js';

const indices = (values: readonly number[], shape: readonly number[] = [values.length]) =>
  constant(values, shape, 'int64');

describe('gather', () => {
  it.each([
    { title: 'rows in another order', shape: [3, 2], axis: 0, at: [2, 0, 1], atShape: [3] },
    { title: 'duplicates', shape: [3, 2], axis: 0, at: [1, 1, 1, 0], atShape: [4] },
    { title: 'columns', shape: [2, 4], axis: 1, at: [3, 3, 0], atShape: [3] },
    { title: 'an inner axis with a matrix', shape: [2, 3, 4], axis: 1, at: [0, 2, 2, 1], atShape: [2, 2] },
    { title: 'the last axis with a matrix', shape: [2, 3, 4], axis: -1, at: [0, 3, 3, 3], atShape: [4, 1] },
    { title: 'a single row', shape: [3, 2], axis: 0, at: [1], atShape: [] },
    { title: 'an axis of length 1', shape: [1, 2], axis: 0, at: [0, 0], atShape: [2] },
  ])('agrees with the oracle, value and gradient, for $title', async ({ shape, axis, at, atShape }) => {
    await checkGradients({
      parameters: { x: randomArray(shape) },
      build: ({ x }) => gather(x, indices(at, atShape), axis),
    });
  });
  it('takes indices that come when the program runs', async () => {
    const rows = input('rows', 'int64', [3]);
    await checkGradients({
      parameters: { x: randomArray([4, 2]) },
      inputs: { rows: naiveArray([3], [3, 0, 3]) },
      build: ({ x }) => gather(x, rows),
    });
  });
  it('refuses indices that are not whole numbers', () => {
    expectShapeMismatch(
      () => gather(parameter('x', [3, 2]), parameter('i', [2])),
      'gather',
      'float32 [3, 2]',
      '[2]',
    );
  });
});

describe('scatterAdd', () => {
  it.each([
    { title: 'duplicates', at: [0, 2, 0], atShape: [3], shape: [3, 2] },
    { title: 'a matrix of indices', at: [0, 1, 1, 1], atShape: [2, 2], shape: [2, 3] },
    { title: 'rows that nothing is added to', at: [4], atShape: [1], shape: [5, 1, 2] },
    { title: 'numbers instead of rows', at: [1, 1], atShape: [2], shape: [3] },
  ])('agrees with the oracle, value and gradient, for $title', async ({ at, atShape, shape }) => {
    await checkGradients({
      parameters: { rows: randomArray([...atShape, ...shape.slice(1)]) },
      build: ({ rows }) => scatterAdd(indices(at, atShape), rows, shape),
    });
  });
  it('refuses rows that do not fit the indices', () => {
    const rows = parameter('rows', [2, 3]);
    expectShapeMismatch(
      () => scatterAdd(indices([0, 1, 2]), rows, [4, 3]),
      'scatterAdd',
      'int64 [3]',
      '[2, 3]',
    );
    expectShapeMismatch(() => scatterAdd(indices([0, 1]), rows, [4, 2]), 'scatterAdd', '[2, 2]', '[2, 3]');
  });
});

describe('gatherElements', () => {
  it.each([
    { title: 'one per row', shape: [3, 4], axis: 1, at: [2, 0, 2], atShape: [3, 1] },
    { title: 'duplicates', shape: [2, 3], axis: -1, at: [1, 1, 1, 0, 2, 2], atShape: [2, 3] },
    { title: 'columns', shape: [3, 2], axis: 0, at: [2, 0, 2, 2], atShape: [2, 2] },
  ])('agrees with the oracle, value and gradient, for $title', async ({ shape, axis, at, atShape }) => {
    await checkGradients({
      parameters: { x: randomArray(shape) },
      build: ({ x }) => gatherElements(x, indices(at, atShape), axis),
    });
  });
  it('refuses indices of another shape or type', () => {
    const x = parameter('x', [2, 3]);
    expectShapeMismatch(
      () => gatherElements(x, indices([0, 0, 0], [3, 1])),
      'gatherElements',
      '[2, 3]',
      '[3, 1]',
    );
    expectShapeMismatch(() => gatherElements(x, indices([0, 0])), 'gatherElements', '[2, 3]', '[2]');
    expectShapeMismatch(() => gatherElements(x, x), 'gatherElements', 'float32 [2, 3]');
  });
});

describe('scatterElements', () => {
  it.each([
    { title: 'duplicates', at: [1, 1, 0, 3], atShape: [2, 2], shape: [2, 4], axis: 1 },
    { title: 'columns', at: [2, 2, 0, 0], atShape: [2, 2], shape: [3, 2], axis: 0 },
  ])('agrees with the oracle, value and gradient, for $title', async ({ at, atShape, shape, axis }) => {
    await checkGradients({
      parameters: { values: randomArray(atShape) },
      build: ({ values }) => scatterElements(indices(at, atShape), values, shape, axis),
    });
  });
  it('undoes gathering the elements of a permutation', async () => {
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray([0, 1, 2, 3, 4], { minLength: 5 }), async (order) => {
        const x = randomArray([1, 5]);
        const at = indices(order, [1, 5]);
        const back = scatterElements(at, gatherElements(parameter('x', [1, 5]), at), [1, 5], 1);
        expect(await evaluate([back], { x })).toEqual([[...x.values]]);
      }),
      { numRuns: 10 },
    );
  });
  it('refuses values that do not fit the indices', () => {
    const values = parameter('values', [2, 3]);
    const at = indices([0, 1], [2, 1]);
    expectShapeMismatch(() => scatterElements(at, values, [2, 4], 1), 'scatterElements', '[2, 1]', '[2, 3]');
  });
});

describe('topK', () => {
  it.each([
    { shape: [7], k: 3 },
    { shape: [4, 6], k: 1 },
    { shape: [4, 6], k: 6 },
    { shape: [2, 3, 5], k: 2 },
    { shape: [3, 1], k: 1 },
  ])('agrees with the oracle, value and gradient, for %j', async ({ shape, k }) => {
    await checkGradients({ parameters: { x: randomArray(shape) }, build: ({ x }) => topK(x, k).values });
    const { values, indices: at } = topK(parameter('x', shape), k);
    await checkValues([values, at], { x: randomArray(shape) }, 0);
  });
  it('takes the lower position first where values are equal, however many there are', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 1, maxLength: 40 }),
        fc.nat(),
        async (values, pick) => {
          const k = 1 + (pick % values.length);
          const { indices: at } = topK(constant(values, [1, values.length]), k);
          await checkValues([at], {}, 0);
        },
      ),
      { numRuns: 25 },
    );
  });
  it('gives the gradient to the elements that it took', async () => {
    const x = parameter('x', [5]);
    const values = { x: naiveArray([5], [1, 4, 4, -1e4, 1e4]) };
    expect(await evaluate(gradients(sum(topK(x, 2).values), [x]), values)).toEqual([[0, 1, 0, 0, 1]]);
  });
  it('refuses to take more than there are, or none', () => {
    const x = parameter('x', [2, 3]);
    for (const k of [0, 4]) expectShapeMismatch(() => topK(x, k), 'topK', '[2, 3]', `k = ${k}`);
    expectShapeMismatch(() => topK(parameter('x', []), 1), 'topK', '[]');
    expectShapeMismatch(() => topK(indices([1, 2]), 1), 'topK', 'int64 [2]');
  });
});

describe('gathering and scattering', () => {
  it('add up to each row times its number of mentions', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 9 }),
        async (at) => {
          const x = randomArray([4, 2]);
          const rows = gather(parameter('x', x.shape), indices(at));
          const [added] = await evaluate([scatterAdd(indices(at), rows, x.shape)], { x });
          expect(added.length).toBe(sizeOf(x.shape));
          for (const [i, value] of added.entries()) {
            const mentions = at.filter((row) => row === Math.floor(i / 2)).length;
            expect(value).toBeCloseTo(mentions * x.values[i], 5);
          }
        },
      ),
      { numRuns: 10 },
    );
  });
});
