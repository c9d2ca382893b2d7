import { describe, expect, it } from 'vitest';
import { checkGradients } from '../../test/oracle/check-gradients.js';
import { evaluate } from '../../test/oracle/evaluate.js';
import { expectShapeMismatch } from '../../test/oracle/expect-shape-mismatch.js';
import { naiveArray } from '../../test/oracle/naive-array.js';
import { randomArray } from '../../test/oracle/random-array.js';
import { ImagekinError } from '../core/errors.js';
import { gradients } from './gradients.js';
import { add } from './ops/add.js';
import { cast } from './ops/cast.js';
import { constant } from './ops/constant.js';
import { exp } from './ops/exp.js';
import { greater } from './ops/greater.js';
import { matmul } from './ops/matmul.js';
import { multiply } from './ops/multiply.js';
import { parameter } from './ops/parameter.js';
import { relu } from './ops/relu.js';
import { sigmoid } from './ops/sigmoid.js';
import { step } from './ops/step.js';
import { stopGradient } from './ops/stop-gradient.js';
import { sum } from './ops/sum.js';
import type { Tensor } from './tensor.js';
import { topologicalOrder } from './topological-order.js';

function thrownBy(act: () => unknown): ImagekinError {
  try {
    act();
  } catch (error) {
    expect(error).toBeInstanceOf(ImagekinError);
    return error as ImagekinError;
  }
  throw new Error('nothing was thrown');
}

describe('gradients', () => {
  const x = parameter('x', [3]);
  const y = parameter('y', [3]);
  const values = { x: naiveArray([3], [1, 2, 3]), y: naiveArray([3], [4, 5, 6]) };

  it('adds up over every way from a parameter to the loss', async () => {
    await checkGradients({
      parameters: { x: randomArray([2, 3]) },
      build: (parameters) => {
        const shared = sigmoid(parameters.x);
        return add(multiply(shared, shared), add(exp(shared), parameters.x));
      },
    });
  });
  it('reach a parameter that stands before another one', async () => {
    const squared = multiply(x, x);
    expect(await evaluate(gradients(sum(multiply(squared, squared)), [x, squared]), values)).toEqual([
      [4, 32, 108],
      [2, 8, 18],
    ]);
  });
  it('are 1 for the loss itself', async () => {
    const loss = sum(x);
    expect(await evaluate(gradients(loss, [loss]))).toEqual([[1]]);
  });
  it('ask no rule of what is behind stopGradient', async () => {
    const mask = step(stopGradient(x));
    expect(await evaluate(gradients(sum(multiply(x, mask)), [x]), { x: values.x })).toEqual([[1, 1, 1]]);
  });

  it('take what is behind stopGradient for a constant', async () => {
    const loss = sum(add(multiply(x, stopGradient(multiply(x, y))), y));
    expect(await evaluate(gradients(loss, [x, y]), values)).toEqual([
      [4, 10, 18],
      [1, 1, 1],
    ]);
  });
  it('do not ask operations for a rule that no parameter needs', () => {
    const mask = cast(greater(step(y), constant(0)), 'float32');
    expect(() => gradients(sum(multiply(x, mask)), [x])).not.toThrow();
  });
  it('may be differentiated again', async () => {
    const [slope] = gradients(sum(multiply(x, multiply(x, x))), [x]);
    expect(await evaluate(gradients(sum(slope), [x]), values)).toEqual([[6, 12, 18]]);
  });
  it('go through graphs of any depth', () => {
    let deep: Tensor = x;
    for (let i = 0; i < 20_000; i++) deep = relu(deep);
    expect(gradients(sum(deep), [x])[0].shape).toEqual([3]);
  });
  it('do not grow with the number of ways to the loss', () => {
    let doubled: Tensor = x;
    for (let i = 0; i < 60; i++) doubled = add(doubled, doubled);
    expect(topologicalOrder(gradients(sum(doubled), [x])).length).toBeLessThan(1000);
  });
  it('agree with central differences where one parameter is used in two products', async () => {
    await checkGradients({
      parameters: { w: randomArray([3, 3]), v: randomArray([2, 3]) },
      build: ({ w, v }) => matmul(relu(matmul(v, w)), w, { transposeB: true }),
    });
  });

  it('name an operation without a gradient rule', () => {
    const error = thrownBy(() => gradients(sum(step(x)), [x]));
    expect(error.code).toBe('no-gradient');
    expect(error.message).toContain("'step'");
  });
  it.each([
    { title: 'is not used', loss: sum(x) },
    { title: 'is used only behind stopGradient', loss: sum(add(x, stopGradient(y))) },
    { title: 'is used only in a comparison', loss: sum(multiply(x, cast(cast(y, 'bool'), 'float32'))) },
  ])('name a parameter that $title', ({ loss }) => {
    const error = thrownBy(() => gradients(loss, [x, y]));
    expect(error.code).toBe('no-gradient');
    expect(error.message).toMatch(/parameter 1/);
  });
  it('refuse a loss that is no scalar', () => {
    expectShapeMismatch(() => gradients(multiply(x, x), [x]), 'gradients', '[3]');
  });
});
