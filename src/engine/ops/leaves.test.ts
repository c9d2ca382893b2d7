import { describe, expect, it } from 'vitest';
import { checkValues } from '../../../test/oracle/check-gradients.js';
import { evaluate } from '../../../test/oracle/evaluate.js';
import { expectShapeMismatch } from '../../../test/oracle/expect-shape-mismatch.js';
import { naiveArray } from '../../../test/oracle/naive-array.js';
import { randomArray } from '../../../test/oracle/random-array.js';
import { Program } from '../program.js';
import { constant } from './constant.js';
import { input } from './input.js';
import { parameter } from './parameter.js';
import { relu } from './relu.js';
import { zeros } from './zeros.js';

describe('constant', () => {
  it('holds its values, of every type', async () => {
    expect(
      await evaluate([
        constant(2.5),
        constant([1, -2], [1, 2]),
        constant([3, -(2 ** 40)], [2], 'int64'),
        constant([0, 255], [2], 'uint8'),
        constant([1, 0], [2], 'bool'),
      ]),
    ).toEqual([[2.5], [1, -2], [3, -(2 ** 40)], [0, 255], [1, 0]]);
  });
  it('keeps large tables exactly', async () => {
    const values = randomArray([20, 50]);
    expect(await evaluate([constant(values.values, values.shape)])).toEqual([[...values.values]]);
  });
  it('refuses another number of values than its shape has', () => {
    expectShapeMismatch(() => constant([1, 2, 3], [2, 2]), 'constant', '[2, 2]', '3');
  });
});

describe('zeros', () => {
  it.each([[[]], [[1]], [[2, 3]]])('fill the shape %j', async (shape) => {
    await checkValues([zeros(shape)], {}, 0);
  });
});

describe('input', () => {
  it('takes values of every type', async () => {
    const x = input('x', 'float32', [2]);
    const indices = input('indices', 'int64', [2]);
    const pixels = input('pixels', 'uint8', [2]);
    const values = {
      x: naiveArray([2], [0.5, -1]),
      indices: naiveArray([2], [-1, 2 ** 40]),
      pixels: naiveArray([2], [0, 255]),
    };
    expect(await evaluate([x, indices, pixels], values)).toEqual([
      [0.5, -1],
      [-1, 2 ** 40],
      [0, 255],
    ]);
  });
});

describe('parameter', () => {
  it('takes the value that is bound to it', async () => {
    const weights = parameter('weights', [2]);
    const bindings = new Map([[weights, constant([1, 2], [2])]]);
    const program = await Program.compile({ outputs: { y: relu(weights) }, bindings });
    expect(await program.run({})).toEqual({ y: Float32Array.of(1, 2) });
  });
  it('is named by the error where nothing is bound to it', async () => {
    const y = relu(parameter('norm/scale', [3]));
    await expect(Program.compile({ outputs: { y } })).rejects.toThrow(/parameter 'norm\/scale'.*binding/);
  });
});
