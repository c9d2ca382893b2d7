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
import { add } from './add.js';
import { cast } from './cast.js';
import { constant } from './constant.js';
import { divide } from './divide.js';
import { equal } from './equal.js';
import { erf } from './erf.js';
import { erfSigmoid } from './erf-sigmoid.js';
import { exp } from './exp.js';
import { gelu } from './gelu.js';
import { greater } from './greater.js';
import { input } from './input.js';
import { log } from './log.js';
import { maximum } from './maximum.js';
import { multiply } from './multiply.js';
import { negate } from './negate.js';
import { parameter } from './parameter.js';
import { relu } from './relu.js';
import { sigmoid } from './sigmoid.js';
import { silu } from './silu.js';
import { softplus } from './softplus.js';
import { sqrt } from './sqrt.js';
import { square } from './square.js';
import { step } from './step.js';
import { stopGradient } from './stop-gradient.js';
import { subtract } from './subtract.js';
import { sum } from './sum.js';

type Range = readonly [from: number, to: number];

const everywhere: readonly Range[] = [
  [-1, 1],
  [-1e4, 1e4],
  [-1e-4, 1e-4],
];
const positive: readonly Range[] = [
  [0.1, 2],
  [1e4, 2e4],
  [1e-4, 2e-4],
];

const shapes = [[], [1], [4], [2, 1, 3]];

/** The values and gradients of an operation on one tensor, over ranges of its argument and shapes. */
function unaryAgreesWithOracle(operation: (x: Tensor) => Tensor, ranges: readonly Range[]): void {
  it.each(ranges)('agrees with the oracle, value and gradient, between %d and %d', async (from, to) => {
    await checkGradients({
      parameters: { x: randomArray([3, 4], { from, to }) },
      build: ({ x }) => operation(x),
    });
  });
  it.each(shapes)('keeps the shape [%j, …] of its argument', async (...shape) => {
    const [from, to] = ranges[0];
    await checkGradients({
      parameters: { x: randomArray(shape, { from, to }) },
      build: ({ x }) => operation(x),
    });
  });
}

/** The values and gradients of an operation on two tensors that broadcast. */
function binaryAgreesWithOracle(
  operation: (a: Tensor, b: Tensor) => Tensor,
  ranges: readonly Range[] = everywhere,
): void {
  it.each(ranges)('agrees with the oracle, value and gradient, between %d and %d', async (from, to) => {
    await checkGradients({
      parameters: {
        a: randomArray([3, 4], { from, to, stream: 'a' }),
        b: randomArray([3, 4], { from, to, stream: 'b' }),
      },
      build: ({ a, b }) => operation(a, b),
    });
  });
  it('agrees with the oracle whatever shapes are broadcast', async () => {
    const [from, to] = ranges[0];
    await fc.assert(
      fc.asyncProperty(broadcastingShapes, async ([a, b]) => {
        await checkGradients({
          parameters: {
            a: randomArray(a, { from, to, stream: 'a' }),
            b: randomArray(b, { from, to, stream: 'b' }),
          },
          build: (x) => operation(x.a, x.b),
        });
      }),
      fixedRuns,
    );
  });
  it('refuses shapes that do not broadcast', () => {
    const [a, b] = [parameter('a', [2, 3]), parameter('b', [4])];
    expectShapeMismatch(() => operation(a, b), '', '[2, 3]', '[4]');
  });
}

/** Two shapes that broadcast: some leading axes of one shape left out, others stretched from 1. */
const broadcastingShapes = fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 4 }).chain((shape) => {
  const operand = fc
    .tuple(
      fc.integer({ min: 0, max: shape.length }),
      fc.array(fc.boolean(), { minLength: shape.length, maxLength: shape.length }),
    )
    .map(([left, stretched]) => shape.map((length, axis) => (stretched[axis] ? 1 : length)).slice(left));
  return fc.tuple(operand, operand);
});

describe('add', () => binaryAgreesWithOracle(add));
describe('subtract', () => binaryAgreesWithOracle(subtract));
describe('multiply', () => binaryAgreesWithOracle(multiply));
describe('divide', () => binaryAgreesWithOracle(divide, positive));
describe('negate', () => unaryAgreesWithOracle(negate, everywhere));
describe('square', () => unaryAgreesWithOracle(square, everywhere));
describe('erf', () => unaryAgreesWithOracle(erf, everywhere));
describe('erfSigmoid', () => unaryAgreesWithOracle(erfSigmoid, everywhere.slice(0, 2)));
describe('silu', () => unaryAgreesWithOracle(silu, everywhere));
describe('log', () => unaryAgreesWithOracle(log, positive));
describe('sqrt', () => unaryAgreesWithOracle(sqrt, positive));

describe('exp', () => {
  unaryAgreesWithOracle(exp, [
    [-1, 1],
    [-40, 40],
  ]);
  it('reaches its limits far out', async () => {
    expect(await evaluate([exp(constant([-1e4, 0, 1e4], [3]))])).toEqual([[0, 1, Infinity]]);
  });
});

describe('relu', () => {
  unaryAgreesWithOracle(relu, everywhere);
  it('has the gradient 0 at 0', async () => {
    expect(await gradientAt(relu, [-1, 0, 1])).toEqual([0, 0, 1]);
  });
});

describe('sigmoid', () => {
  unaryAgreesWithOracle(sigmoid, everywhere.slice(0, 2));
  it('saturates at 0 and 1 with the gradient 0', async () => {
    expect(await evaluate([sigmoid(constant([-1e4, 1e4], [2]))])).toEqual([[0, 1]]);
    expect(await gradientAt(sigmoid, [-1e4, 1e4])).toEqual([0, 0]);
  });
});

describe('softplus', () => {
  unaryAgreesWithOracle(softplus, everywhere.slice(0, 2));
  it('neither overflows nor loses its slope far out', async () => {
    expect(await evaluate([softplus(constant([-1e4, 1e4], [2]))])).toEqual([[0, 1e4]]);
    expect(await gradientAt(softplus, [-1e4, 0, 1e4])).toEqual([0, 0.5, 1]);
  });
});

describe('gelu', () => {
  unaryAgreesWithOracle(gelu, everywhere);
  it('is 0 or its argument far out, with the gradient 0 or 1', async () => {
    await checkValues([gelu(constant([-1e20, 0], [2])), gelu(constant([-1e4, 1e4], [2]))], {}, 0);
    expect(await gradientAt(gelu, [-1e20, -1e4, 1e4, 1e20])).toEqual([0, 0, 1, 1]);
  });
});

describe('step', () => {
  it.each(everywhere)('is 1 above 0 and 0 elsewhere, between %d and %d', async (from, to) => {
    await checkValues([step(parameter('x', [5, 5]))], { x: randomArray([5, 5], { from, to }) }, 0);
  });
  it('is 0 at 0 and 1 from 1e-30 on', async () => {
    expect(await evaluate([step(constant([0, -0, 1e-30, Infinity, -Infinity], [5]))])).toEqual([
      [0, 0, 1, 1, 0],
    ]);
  });
});

describe('maximum', () => {
  binaryAgreesWithOracle(maximum);
  it('gives the gradient to the second where both are equal', async () => {
    const [a, b] = [parameter('a', [3]), parameter('b', [3])];
    const values = { a: naiveArray([3], [1, 2, 3]), b: naiveArray([3], [3, 2, 1]) };
    expect(await evaluate(gradients(sum(maximum(a, b)), [a, b]), values)).toEqual([
      [0, 0, 1],
      [1, 1, 0],
    ]);
  });
});

function comparisonHolds(name: string, operation: (a: Tensor, b: Tensor) => Tensor): void {
  it('compares numbers, whatever shapes are broadcast, to truth values', async () => {
    const [a, b] = [constant([1, 2, 3], [3]), constant([2, 1, 2, 3], [4, 1])];
    expect(operation(a, b)).toMatchObject({ dtype: 'bool', shape: [4, 3] });
    await checkValues([operation(a, b)], {}, 0);
  });
  it('compares indices', async () => {
    await checkValues([operation(constant([1, 2, 3], [3], 'int64'), constant(2, [], 'int64'))], {}, 0);
  });
  it('refuses tensors of two types', () => {
    const [a, b] = [parameter('a', [3]), input('b', 'int64', [3])];
    expectShapeMismatch(() => operation(a, b), name, 'float32 [3]', 'int64 [3]');
  });
}
describe('equal', () => comparisonHolds('equal', equal));
describe('greater', () => comparisonHolds('greater', greater));

describe('stopGradient', () => {
  it('is its argument', async () => {
    await checkValues([stopGradient(parameter('x', [2, 3]))], { x: randomArray([2, 3]) }, 0);
  });
  it('is a constant to gradients', async () => {
    const x = parameter('x', [3]);
    const values = { x: naiveArray([3], [1, 2, 3]) };
    expect(await evaluate(gradients(sum(multiply(x, stopGradient(x))), [x]), values)).toEqual([[1, 2, 3]]);
  });
});

describe('cast', () => {
  it('drops fractions, and takes what is not 0 as true', async () => {
    const x = constant([-1.7, 0, 0.3, 1, 200.9], [5]);
    await checkValues([cast(x, 'int64'), cast(x, 'bool'), cast(cast(x, 'bool'), 'float32')], {}, 0);
  });
  it('reads pixels as numbers', async () => {
    const pixels = input('pixels', 'uint8', [3]);
    await checkValues([cast(pixels, 'float32')], { pixels: naiveArray([3], [0, 128, 255]) }, 0);
  });
  it('leaves a tensor that has the type already as it is', () => {
    const x = parameter('x', [2]);
    expect(cast(x, 'float32')).toBe(x);
  });
  it('ends gradients at whole numbers', () => {
    const x = parameter('x', [2]);
    expect(() => gradients(sum(cast(cast(x, 'int64'), 'float32')), [x])).toThrow(/reach the loss/);
  });
});

describe('operations on one tensor', () => {
  it.each([
    { name: 'relu', operation: relu },
    { name: 'gelu', operation: gelu },
    { name: 'step', operation: step },
    { name: 'log', operation: log },
  ])('refuse indices: $name', ({ name, operation }) => {
    expectShapeMismatch(() => operation(input('x', 'int64', [2, 3])), name, 'int64 [2, 3]');
  });
});

/** Gradient of the sum of an operation's results. */
async function gradientAt(operation: (x: Tensor) => Tensor, values: readonly number[]): Promise<number[]> {
  const x = parameter('x', [values.length]);
  const [gradient] = await evaluate(gradients(sum(operation(x)), [x]), {
    x: naiveArray([values.length], values),
  });
  return gradient;
}
