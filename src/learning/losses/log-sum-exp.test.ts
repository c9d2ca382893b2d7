import { describe, expect, it } from 'vitest';
import { checkGradients } from '../../../test/oracle/check-gradients.js';
import { evaluate } from '../../../test/oracle/evaluate.js';
import { naiveArray } from '../../../test/oracle/naive-array.js';
import { randomArray } from '../../../test/oracle/random-array.js';
import { gradients, parameter, sum } from '../../engine/index.js';
import { logSumExp } from './log-sum-exp.js';

const valuesAndGradients = async (rows: readonly (readonly number[])[]) => {
  const shape = [rows.length, rows[0].length];
  const x = parameter('x', shape);
  const result = logSumExp(x);
  const [values, gradient] = await evaluate([result, ...gradients(sum(result), [x])], {
    x: naiveArray(shape, rows.flat()),
  });
  return { values, gradient };
};

describe('logSumExp', () => {
  it.each([[[1, 1]], [[1, 7]], [[5, 1]], [[4, 6]]])(
    'agrees with the oracle, value and gradient, on %j',
    async (shape) => {
      await checkGradients({
        parameters: { x: randomArray(shape, { from: -4, to: 4 }) },
        build: ({ x }) => logSumExp(x),
      });
    },
  );

  it('gives one number a row', () => {
    expect(logSumExp(parameter('x', [3, 5])).shape).toEqual([3]);
  });

  it('is the logarithm of the length for a row of zeros, with equal parts of the gradient', async () => {
    const { values, gradient } = await valuesAndGradients([[0, 0, 0, 0]]);
    expect(values[0]).toBeCloseTo(Math.log(4), 6);
    for (const part of gradient) expect(part).toBeCloseTo(0.25, 6);
  });

  it('neither overflows nor vanishes where exp would', async () => {
    const { values, gradient } = await valuesAndGradients([
      [1e4, 1e4],
      [-1e4, -1e4],
      [1e30, -1e30],
      [3e38, 0],
      [-1e9, -1e9],
    ]);
    const expected = [1e4 + Math.LN2, -1e4 + Math.LN2, 1e30, 3e38, -1e9];
    for (const [row, value] of values.entries()) expect(value / expected[row]).toBeCloseTo(1, 6);
    expect(gradient).toEqual([0.5, 0.5, 0.5, 0.5, 1, 0, 1, 0, 0.5, 0.5]);
  });

  it('is deaf to elements far below the largest', async () => {
    const { values, gradient } = await valuesAndGradients([[2, -1e9, 2 - 200]]);
    expect(values[0]).toBe(2);
    expect(gradient).toEqual([1, 0, 0]);
  });
});
