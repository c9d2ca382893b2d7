import { describe, expect, it } from 'vitest';
import { Random } from '../core/random.js';
import type { Initializer } from '../engine/index.js';
import { fanInUniform, glorotUniform, heNormal, ones, zeros } from './initializers.js';

const shape = [3, 3, 32, 64];
const fans = { fanIn: 9 * 32, fanOut: 9 * 64 };
const draw = (initializer: Initializer, seed = 1) => initializer(shape, Random.of(seed, 'weights'));

function moments(values: Float32Array): { mean: number; variance: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return { mean, variance: values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length };
}

describe.each([
  ['glorotUniform', glorotUniform(fans), Math.sqrt(6 / (fans.fanIn + fans.fanOut))],
  ['fanInUniform', fanInUniform(fans), 1 / Math.sqrt(fans.fanIn)],
])('%s', (_, initializer, limit) => {
  it('stays within its limits and comes close to both', () => {
    const values = draw(initializer);
    expect(Math.max(...values)).toBeLessThanOrEqual(Math.fround(limit));
    expect(Math.min(...values)).toBeGreaterThanOrEqual(Math.fround(-limit));
    expect(Math.max(...values)).toBeGreaterThan(0.999 * limit);
    expect(Math.min(...values)).toBeLessThan(-0.999 * limit);
  });

  it('has mean 0 and the variance of a uniform distribution, a third of the squared limit', () => {
    // 18,432 draws: the mean errs by about 0.7 % of a deviation, the variance by about 0.7 %.
    const { mean, variance } = moments(draw(initializer));
    const expected = limit ** 2 / 3;
    expect(Math.abs(mean)).toBeLessThan(0.03 * Math.sqrt(expected));
    expect(variance / expected).toBeCloseTo(1, 1);
  });
});

describe('heNormal', () => {
  it('has mean 0, the variance 2/(fan in), and the tails of a normal distribution', () => {
    const values = draw(heNormal(fans));
    const { mean, variance } = moments(values);
    const deviation = Math.sqrt(2 / fans.fanIn);
    expect(Math.abs(mean)).toBeLessThan(0.03 * deviation);
    expect(variance / deviation ** 2).toBeCloseTo(1, 1);
    const beyond = values.filter((value) => Math.abs(value) > 2 * deviation).length / values.length;
    expect(beyond).toBeCloseTo(0.0455, 2);
  });
});

describe.each([
  ['glorotUniform', glorotUniform(fans)],
  ['fanInUniform', fanInUniform(fans)],
  ['heNormal', heNormal(fans)],
])('%s', (_, initializer) => {
  it('fills the whole shape, alike for the same stream and otherwise for another', () => {
    const small = (seed: number) => initializer([3, 5, 2], Random.of(seed, 'weights'));
    expect(small(1).length).toBe(30);
    expect(small(1).every((value) => value !== 0)).toBe(true);
    expect(small(1)).toEqual(small(1));
    expect(small(2)).not.toEqual(small(1));
  });
});

describe('zeros and ones', () => {
  it('fill a shape with what they say', () => {
    expect(zeros([2, 3], Random.of(0))).toEqual(new Float32Array(6));
    expect(ones([4], Random.of(0))).toEqual(Float32Array.of(1, 1, 1, 1));
  });
});
