import { describe, expect, it } from 'vitest';
import { checkGradients, checkValues } from '../../../test/oracle/check-gradients.js';
import { evaluate } from '../../../test/oracle/evaluate.js';
import { expectShapeMismatch } from '../../../test/oracle/expect-shape-mismatch.js';
import { naiveArray } from '../../../test/oracle/naive-array.js';
import { randomArray } from '../../../test/oracle/random-array.js';
import { gradients } from '../gradients.js';
import type { Tensor } from '../tensor.js';
import { constant } from './constant.js';
import { input } from './input.js';
import { l2Normalize } from './l2-normalize.js';
import { logSoftmax } from './log-softmax.js';
import { matmul } from './matmul.js';
import { parameter } from './parameter.js';
import { softmax } from './softmax.js';
import { sum } from './sum.js';

function softmaxAgreesWithOracle(name: string, operation: (x: Tensor) => Tensor): void {
  it.each([[[3]], [[4, 5]], [[2, 3, 4]], [[5, 1]], [[1, 1]]])(
    'agrees with the oracle, value and gradient, along the last axis of %j',
    async (shape) => {
      await checkGradients({
        parameters: { x: randomArray(shape, { from: -3, to: 3 }) },
        build: ({ x }) => operation(x),
      });
    },
  );
  it.each([1e4, 1e-2])('agrees with the oracle at a magnitude of %d', async (to) => {
    await checkGradients({
      parameters: { x: randomArray([3, 4], { from: -to, to }) },
      build: ({ x }) => operation(x),
    });
  });
  it('does not change when the same number is added to a row', async () => {
    const row = [1, 2, 3];
    const [alone, shifted] = await evaluate([
      operation(constant(row, [1, 3])),
      operation(
        constant(
          row.map((value) => value - 1024),
          [1, 3],
        ),
      ),
    ]);
    expect(shifted).toEqual(alone);
  });
  it('refuses what is no float vector', () => {
    expectShapeMismatch(() => operation(input('x', 'int64', [2, 3])), name, 'int64 [2, 3]');
    expectShapeMismatch(() => operation(parameter('x', [])), name, 'float32 []');
  });
}

describe('softmax', () => {
  softmaxAgreesWithOracle('softmax', softmax);
  it('is certain of one that stands far above the others, and undecided among equal ones', async () => {
    const x = constant([1e4, -1e4, 0, 1e4, 1e4, 1e4], [2, 3]);
    await checkValues([softmax(x)]);
    expect((await evaluate([softmax(x)]))[0].slice(0, 3)).toEqual([1, 0, 0]);
  });
});

describe('logSoftmax', () => {
  softmaxAgreesWithOracle('logSoftmax', logSoftmax);
  it('stays finite where the softmax is 0', async () => {
    const x = constant([1e4, -1e4, 0, -1e4], [2, 2]);
    expect(await evaluate([logSoftmax(x)])).toEqual([[0, -2e4, 0, -1e4]]);
  });
});

describe('l2Normalize', () => {
  it.each([[[3, 4]], [[1, 5]], [[4, 1]], [[6, 2]]])(
    'agrees with the oracle, value and gradient, on %j',
    async (shape) => {
      await checkGradients({ parameters: { x: randomArray(shape) }, build: ({ x }) => l2Normalize(x) });
    },
  );
  it.each([1e4, 1e-4])('agrees with the oracle at a magnitude of %d', async (to) => {
    await checkGradients({
      parameters: { x: randomArray([3, 4], { from: -to, to }) },
      build: ({ x }) => l2Normalize(x),
    });
  });
  it('leaves a row of zeros zero, with a finite gradient', async () => {
    const x = parameter('x', [2, 3]);
    const values = { x: naiveArray([2, 3], [0, 0, 0, 3, 0, 4]) };
    const [normalized, gradient] = await evaluate(
      [l2Normalize(x), ...gradients(sum(l2Normalize(x)), [x])],
      values,
    );
    expect(normalized.slice(0, 3)).toEqual([0, 0, 0]);
    expect(normalized[3]).toBeCloseTo(0.6, 6);
    for (const component of gradient) expect(component).toSatisfy(Number.isFinite);
  });
  it('scales rows shorter than 1e-6 by a million', async () => {
    const x = constant([3e-8, 4e-8], [1, 2]);
    await checkValues([l2Normalize(x)]);
  });
  it('refuses what is no matrix', () => {
    expectShapeMismatch(() => l2Normalize(parameter('x', [3])), 'l2Normalize', '[3]');
    expectShapeMismatch(() => l2Normalize(parameter('x', [2, 3, 4])), 'l2Normalize', '[2, 3, 4]');
    expectShapeMismatch(() => l2Normalize(input('x', 'int64', [2, 3])), 'l2Normalize', 'int64');
  });
});

describe('matmul', () => {
  const forms = [false, true].flatMap((transposeA) =>
    [false, true].flatMap((transposeB) =>
      [false, true].map((hasBias) => ({ transposeA, transposeB, hasBias })),
    ),
  );
  it.each(forms)(
    'agrees with the oracle, value and gradient, with %j',
    async ({ transposeA, transposeB, hasBias }) => {
      const parameters = {
        a: randomArray(transposeA ? [4, 3] : [3, 4], { stream: 'a' }),
        b: randomArray(transposeB ? [5, 4] : [4, 5], { stream: 'b' }),
        ...(hasBias && { bias: randomArray([5]) }),
      };
      await checkGradients({
        parameters,
        build: ({ a, b, bias }) => matmul(a, b, { transposeA, transposeB, bias }),
      });
    },
  );
  it.each([
    { m: 1, k: 1, n: 1 },
    { m: 1, k: 7, n: 1 },
    { m: 5, k: 1, n: 2 },
  ])('agrees with the oracle, value and gradient, on %j', async ({ m, k, n }) => {
    await checkGradients({
      parameters: { a: randomArray([m, k], { stream: 'a' }), b: randomArray([k, n], { stream: 'b' }) },
      build: ({ a, b }) => matmul(a, b),
    });
  });
  it.each([1e4, 1e-4])('agrees with the oracle at a magnitude of %d', async (to) => {
    await checkGradients({
      parameters: {
        a: randomArray([3, 4], { stream: 'a', from: -to, to }),
        b: randomArray([4, 5], { stream: 'b', from: -to, to }),
      },
      build: ({ a, b }) => matmul(a, b),
    });
  });
  it('adds up both gradients of a matrix multiplied by itself', async () => {
    await checkGradients({
      parameters: { x: randomArray([3, 4]) },
      build: ({ x }) => matmul(x, x, { transposeB: true }),
    });
  });
  it('refuses matrices whose inner axes differ, saying which are transposed', () => {
    const [a, b] = [parameter('a', [2, 3]), parameter('b', [4, 5])];
    expectShapeMismatch(() => matmul(a, b), 'matmul', '[2, 3]', '[4, 5]');
    expectShapeMismatch(
      () => matmul(a, b, { transposeB: true }),
      'matmul with B transposed',
      '[2, 3]',
      '[4, 5]',
    );
  });
  it('refuses a bias of another length', () => {
    const [a, b] = [parameter('a', [2, 3]), parameter('b', [3, 5])];
    expectShapeMismatch(
      () => matmul(a, b, { bias: parameter('bias', [2]) }),
      'matmul',
      '[2, 3]',
      '[3, 5]',
      '[2]',
    );
  });
  it('refuses what are no float matrices', () => {
    const a = parameter('a', [2, 3]);
    expectShapeMismatch(() => matmul(a, parameter('b', [3])), 'matmul', '[2, 3]', '[3]');
    expectShapeMismatch(() => matmul(a, input('b', 'int64', [3, 2])), 'matmul', 'float32', 'int64');
  });
});
