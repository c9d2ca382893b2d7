import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkGradients, checkValues } from '../../../test/oracle/check-gradients.js';
import { evaluate } from '../../../test/oracle/evaluate.js';
import { expectShapeMismatch } from '../../../test/oracle/expect-shape-mismatch.js';
import { fixedRuns } from '../../../test/oracle/fixed-runs.js';
import { naiveArray } from '../../../test/oracle/naive-array.js';
import { randomArray } from '../../../test/oracle/random-array.js';
import { gradients } from '../gradients.js';
import type { Tensor } from '../tensor.js';
import { input } from './input.js';
import { max } from './max.js';
import { mean } from './mean.js';
import { parameter } from './parameter.js';
import type { ReductionOptions } from './reduction.js';
import { broadcastTo, sum, sumTo } from './sum.js';

function reductionAgreesWithOracle(
  name: string,
  operation: (x: Tensor, options?: ReductionOptions) => Tensor,
): void {
  it.each<ReductionOptions>([
    {},
    { keepAxes: true },
    { axes: [1] },
    { axes: [0, 2], keepAxes: true },
    { axes: [-1, 0] },
    { axes: [2, 1, 0] },
  ])('agrees with the oracle, value and gradient, with %j', async (options) => {
    await checkGradients({
      parameters: { x: randomArray([2, 3, 4]) },
      build: ({ x }) => operation(x, options),
    });
  });
  it.each([[[1]], [[1, 1]], [[5, 1]], [[1, 5]]])(
    'agrees with the oracle over the last axis of %j',
    async (shape) => {
      await checkGradients({
        parameters: { x: randomArray(shape) },
        build: ({ x }) => operation(x, { axes: [-1] }),
      });
    },
  );
  it.each([1e4, 1e-4])('agrees with the oracle at a magnitude of %d', async (to) => {
    await checkGradients({
      parameters: { x: randomArray([4, 5], { from: -to, to }) },
      build: ({ x }) => operation(x, { axes: [1] }),
    });
  });
  it('leaves a tensor without axes to reduce as it is', () => {
    const scalar = parameter('x', []);
    expect(operation(scalar)).toBe(scalar);
    const vector = parameter('x', [3]);
    expect(operation(vector, { axes: [] })).toBe(vector);
  });
  it('refuses an axis that the tensor does not have', () => {
    expectShapeMismatch(() => operation(parameter('x', [2, 3]), { axes: [2] }), name, '[2, 3]');
    expectShapeMismatch(() => operation(parameter('x', [2, 3]), { axes: [-3] }), name, '[2, 3]');
  });
  it('refuses indices', () => {
    expectShapeMismatch(() => operation(input('x', 'int64', [2, 3])), name, 'int64 [2, 3]');
  });
  it('keeps a named batch axis that it does not reduce', () => {
    expect(operation(input('x', 'float32', ['N', 3, 4]), { axes: [1, 2] }).shape).toEqual(['N']);
  });
}

describe('sum', () => {
  reductionAgreesWithOracle('sum', sum);
  it('does not depend on the order of the axes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray([0, 1, 2], { minLength: 2 }), async (axes) => {
        const x = randomArray([2, 3, 4]);
        const oneByOne = (tensor: Tensor) =>
          axes.reduce((folded, axis) => sum(folded, { axes: [axis], keepAxes: true }), tensor);
        const parameters = parameter('x', x.shape);
        const [atOnce, inTurn] = await evaluate(
          [sum(parameters, { axes, keepAxes: true }), oneByOne(parameters)],
          { x },
        );
        for (const [i, value] of atOnce.entries()) expect(inTurn[i]).toBeCloseTo(value, 5);
      }),
      { numRuns: 10 },
    );
  });
});

describe('mean', () => reductionAgreesWithOracle('mean', mean));

describe('max', () => {
  reductionAgreesWithOracle('max', max);
  it('shares the gradient among equal largest elements', async () => {
    const x = parameter('x', [2, 4]);
    const values = { x: naiveArray([2, 4], [1, 3, 3, 0, 2, 2, 2, 2]) };
    expect(await evaluate(gradients(sum(max(x, { axes: [1] })), [x]), values)).toEqual([
      [0, 0.5, 0.5, 0, 0.25, 0.25, 0.25, 0.25],
    ]);
  });
});

/** A shape, and one that stretches to it. */
const stretch = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 4 }), fc.boolean()), { minLength: 1, maxLength: 4 })
  .chain((axes) =>
    fc.integer({ min: 0, max: axes.length }).map((left) => ({
      from: axes.map(([length, stretched]) => (stretched ? 1 : length)).slice(left),
      to: axes.map(([length]) => length),
    })),
  );

describe('broadcastTo', () => {
  it('agrees with the oracle, value and gradient, whatever it stretches', async () => {
    await fc.assert(
      fc.asyncProperty(stretch, async ({ from, to }) => {
        await checkGradients({
          parameters: { x: randomArray(from) },
          build: ({ x }) => broadcastTo(x, to),
        });
      }),
      fixedRuns,
    );
  });
  it('refuses a shape that its argument does not stretch to', () => {
    expectShapeMismatch(() => broadcastTo(parameter('x', [2, 3]), [2, 4]), 'broadcastTo', '[2, 3]', '[2, 4]');
    expectShapeMismatch(() => broadcastTo(parameter('x', [2, 3]), [3]), 'broadcastTo', '[2, 3]', '[3]');
  });
});

describe('sumTo', () => {
  it('agrees with the oracle, value and gradient, whatever was stretched', async () => {
    await fc.assert(
      fc.asyncProperty(stretch, async ({ from, to }) => {
        await checkGradients({
          parameters: { x: randomArray(to) },
          build: ({ x }) => sumTo(x, from),
        });
      }),
      fixedRuns,
    );
  });
  it('adds up what broadcasting copied', async () => {
    await checkValues([sumTo(broadcastTo(parameter('x', [3, 1]), [2, 3, 4]), [3, 1])], {
      x: naiveArray([3, 1], [1, 2, 3]),
    });
    expect(
      await evaluate([sumTo(broadcastTo(parameter('x', [3, 1]), [2, 3, 4]), [3, 1])], {
        x: naiveArray([3, 1], [1, 2, 3]),
      }),
    ).toEqual([[8, 16, 24]]);
  });
});
