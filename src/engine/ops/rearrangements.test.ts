import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkGradients, checkValues } from '../../../test/oracle/check-gradients.js';
import { evaluate } from '../../../test/oracle/evaluate.js';
import { expectShapeMismatch } from '../../../test/oracle/expect-shape-mismatch.js';
import { randomArray } from '../../../test/oracle/random-array.js';
import { Program } from '../program.js';
import { concat, split } from './concat.js';
import { input } from './input.js';
import { parameter } from './parameter.js';
import { reshape } from './reshape.js';
import { slice } from './slice.js';
import { transpose } from './transpose.js';

describe('reshape', () => {
  it.each([[[24]], [[4, 6]], [[1, 24, 1]], [[2, 3, 4]]])(
    'agrees with the oracle, value and gradient, from [2, 3, 4] to %j',
    async (shape) => {
      await checkGradients({
        parameters: { x: randomArray([2, 3, 4]) },
        build: ({ x }) => reshape(x, shape),
      });
    },
  );
  it('makes a scalar of one element, and back', async () => {
    await checkGradients({
      parameters: { x: randomArray([1, 1]) },
      build: ({ x }) => [reshape(x, []), reshape(reshape(x, []), [1])],
    });
  });
  it('keeps the elements and their order, however often it is applied', async () => {
    const shapes = fc.constantFrom([24], [2, 12], [3, 8], [4, 3, 2], [1, 24], [2, 2, 2, 3]);
    await fc.assert(
      fc.asyncProperty(fc.array(shapes, { minLength: 1, maxLength: 4 }), async (chain) => {
        const x = randomArray([24]);
        const reshaped = chain.reduce(reshape, parameter('x', [24]));
        expect(await evaluate([reshaped], { x })).toEqual([[...x.values]]);
      }),
      { numRuns: 10 },
    );
  });
  it('carries a named axis along', async () => {
    const x = input('x', 'float32', ['N', 2, 3]);
    for (const [batch, shape] of [
      [1, ['N', 6]],
      [4, [3, 'N', 2]],
    ] as const) {
      await checkValues([reshape(x, shape)], { x: randomArray([batch, 2, 3]) }, 0);
    }
  });
  it('refuses a shape of another size, and one that drops the named axis', () => {
    expectShapeMismatch(() => reshape(parameter('x', [2, 3]), [7]), 'reshape', '[2, 3]', '[7]');
    const named = input('x', 'float32', ['N', 3]);
    expectShapeMismatch(() => reshape(named, [3]), 'reshape', '[N, 3]', '[3]');
    expectShapeMismatch(() => reshape(named, ['N', 2]), 'reshape', '[N, 3]', '[N, 2]');
  });
});

describe('transpose', () => {
  it.each([[[0, 2, 1]], [[2, 0, 1]], [[1, 2, 0]], [[0, 1, 2]]])(
    'agrees with the oracle, value and gradient, for the permutation %j',
    async (permutation) => {
      await checkGradients({
        parameters: { x: randomArray([2, 3, 4]) },
        build: ({ x }) => transpose(x, permutation),
      });
    },
  );
  it('undoes itself by the inverse permutation', async () => {
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4 }), async (permutation) => {
        const x = randomArray([2, 3, 1, 4]);
        const inverse = permutation.map((_, axis) => permutation.indexOf(axis));
        const there = transpose(parameter('x', x.shape), permutation);
        expect(await evaluate([transpose(there, inverse)], { x })).toEqual([[...x.values]]);
      }),
      { numRuns: 10 },
    );
  });
  it('refuses what is no permutation of the axes', () => {
    const x = parameter('x', [2, 3]);
    for (const permutation of [[0], [0, 0], [0, 2], [2, 1, 0]]) {
      expectShapeMismatch(() => transpose(x, permutation), 'transpose', '[2, 3]');
    }
  });
});

describe('concat', () => {
  it.each([0, 1, -1])('agrees with the oracle, value and gradient, along axis %d', async (axis) => {
    const shapeOf = (length: number) => [2, 3, 4].with(axis, length);
    await checkGradients({
      parameters: {
        a: randomArray(shapeOf(2), { stream: 'a' }),
        b: randomArray(shapeOf(1), { stream: 'b' }),
        c: randomArray(shapeOf(3), { stream: 'c' }),
      },
      build: ({ a, b, c }) => concat([a, b, c], axis),
    });
  });
  it('adds up the gradients of a tensor that it takes twice', async () => {
    await checkGradients({ parameters: { x: randomArray([2, 2]) }, build: ({ x }) => concat([x, x], 1) });
  });
  it('leaves a single tensor as it is', () => {
    const x = parameter('x', [2]);
    expect(concat([x])).toBe(x);
  });
  it('takes lengths that are known only when the program runs', async () => {
    const joined = concat([input('a', 'float32', ['N', 2]), input('b', 'float32', ['M', 2])]);
    expect(joined.shape).toEqual(['N + M', 2]);
    const program = await Program.compile({ outputs: { joined } }, { threads: 1 });
    const { joined: values } = await program.run({
      a: Float32Array.of(1, 2, 3, 4),
      b: Float32Array.of(5, 6),
    });
    expect([...(values as Float32Array)]).toEqual([1, 2, 3, 4, 5, 6]);
    await program.release();
  });
  it('refuses tensors that differ elsewhere', () => {
    const x = parameter('x', [2, 3]);
    expectShapeMismatch(() => concat([x, parameter('y', [2, 4])], 0), 'concat', '[2, 3]', '[2, 4]');
    expectShapeMismatch(() => concat([x, parameter('y', [3])], 0), 'concat', '[2, 3]', '[3]');
    expectShapeMismatch(() => concat([x, input('y', 'int64', [2, 3])], 0), 'concat', 'float32', 'int64');
  });
});

describe('split', () => {
  it.each([
    { lengths: [1, 3, 2], axis: 0 },
    { lengths: [2, 2], axis: 1 },
    { lengths: [1, 1, 1], axis: -1 },
  ])('agrees with the oracle, value and gradient, for %j', async ({ lengths, axis }) => {
    await checkGradients({
      parameters: { x: randomArray([6, 4, 3]) },
      build: ({ x }) => split(x, lengths, axis),
    });
  });
  it('gives pieces that are not used the gradient 0', async () => {
    await checkGradients({
      parameters: { x: randomArray([6, 2]) },
      build: ({ x }) => split(x, [1, 3, 2])[1],
    });
  });
  it('is undone by concat', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 4 }),
        async (lengths) => {
          const x = randomArray([2, lengths.reduce((total, length) => total + length)]);
          const pieces = split(parameter('x', x.shape), lengths, 1);
          expect(await evaluate([concat(pieces, 1)], { x })).toEqual([[...x.values]]);
        },
      ),
      { numRuns: 10 },
    );
  });
  it('refuses lengths that do not add up to the axis', () => {
    expectShapeMismatch(() => split(parameter('x', [2, 5]), [2, 2], 1), 'split', '[2, 5]', '2 + 2');
    expectShapeMismatch(() => split(parameter('x', [2, 5]), [4], 1), 'split', '[2, 5]', '4');
  });
});

describe('slice', () => {
  it.each([
    { axis: 0, start: 0, end: 1 },
    { axis: 1, start: 1, end: 3 },
    { axis: -1, start: 2, end: 4 },
    { axis: 2, start: 0, end: 4 },
  ])('agrees with the oracle, value and gradient, for %j', async ({ axis, start, end }) => {
    await checkGradients({
      parameters: { x: randomArray([2, 3, 4]) },
      build: ({ x }) => slice(x, axis, start, end),
    });
  });
  it('refuses what the axis does not hold, and nothing', () => {
    const x = parameter('x', [2, 3]);
    for (const [start, end] of [
      [0, 4],
      [-1, 2],
      [2, 2],
    ]) {
      expectShapeMismatch(() => slice(x, 1, start, end), 'slice', '[2, 3]', `[${start}, ${end})`);
    }
  });
});
