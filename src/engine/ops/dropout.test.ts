import { describe, expect, it } from 'vitest';
import { checkGradients } from '../../../test/oracle/check-gradients.js';
import { evaluate } from '../../../test/oracle/evaluate.js';
import { expectShapeMismatch } from '../../../test/oracle/expect-shape-mismatch.js';
import { naiveArray } from '../../../test/oracle/naive-array.js';
import { randomArray } from '../../../test/oracle/random-array.js';
import { dropout } from './dropout.js';
import { input } from './input.js';
import { isNoise, noise } from './noise.js';
import { parameter } from './parameter.js';

describe('dropout', () => {
  const shape = [40, 50];
  const x = parameter('x', shape);
  const ones = naiveArray(shape, new Float64Array(2000).fill(1));
  const draw = (stream: string) => randomArray(shape, { from: 0, to: 1, stream });

  it.each([0, 0.25, 0.9])('agrees with the oracle, value and gradient, at the rate %d', async (rate) => {
    await checkGradients({
      parameters: { x: randomArray([4, 5]) },
      inputs: { 'noise:hidden': randomArray([4, 5], { from: 0, to: 1, stream: 'noise' }) },
      build: (tensors) => dropout(tensors.x, { rate, name: 'hidden' }),
    });
  });
  it('drops a share of the elements close to its rate, and scales the others to keep the mean', async () => {
    const [dropped] = await evaluate([dropout(x, { rate: 0.3, name: 'a' })], {
      x: ones,
      'noise:a': draw('a'),
    });
    const zeros = dropped.filter((value) => value === 0).length;
    // The standard deviation is √(2000 · 0.3 · 0.7) = 20.5.
    expect(Math.abs(zeros - 600)).toBeLessThan(4 * 20.5);
    for (const value of dropped.filter((kept) => kept !== 0)) expect(value).toBeCloseTo(1 / 0.7, 5);
  });
  it('drops the same elements for the same noise, and others for other noise', async () => {
    const tensors = ['a', 'b', 'c'].map((name) => dropout(x, { rate: 0.5, name }));
    const values = { x: ones, 'noise:a': draw('a'), 'noise:b': draw('a'), 'noise:c': draw('c') };
    const [first, again, other] = await evaluate(tensors, values);
    expect(again).toEqual(first);
    expect(other).not.toEqual(first);
  });
  it('refuses a batch whose size is not known, for which no noise can be drawn', () => {
    const images = input('images', 'float32', ['N', 3]);
    expectShapeMismatch(() => dropout(images, { rate: 0.5, name: 'a' }), 'dropout', '[N, 3]');
  });
});

describe('noise', () => {
  it('comes from outside, as an input of its name', async () => {
    const values = randomArray([2, 3], { from: 0, to: 1 });
    expect(await evaluate([noise('a', [2, 3])], { 'noise:a': values })).toEqual([[...values.values]]);
  });
});

describe('isNoise', () => {
  it('tells inputs of noise from others', () => {
    expect(['noise:a', 'images', 'a noise:'].map(isNoise)).toEqual([true, false, false]);
  });
});
