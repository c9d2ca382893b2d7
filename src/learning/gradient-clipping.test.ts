import { describe, expect, it } from 'vitest';
import { evaluate } from '../../test/oracle/evaluate.js';
import { naiveArray } from '../../test/oracle/naive-array.js';
import { Random } from '../core/random.js';
import { parameter } from '../engine/index.js';
import { clipByNorm } from './gradient-clipping.js';

async function clippedBy(clipNorm: number, gradient: readonly number[]) {
  const shape = [gradient.length];
  const { clipped, norm } = clipByNorm(parameter('gradient', shape), clipNorm);
  const [values, [length]] = await evaluate([clipped, norm], { gradient: naiveArray(shape, gradient) });
  return { values: [...values], norm: length };
}

/** As one would write it in a loop, in float64. */
function naivelyClipped(clipNorm: number, gradient: readonly number[]): number[] {
  let sum = 0;
  for (const value of gradient) sum += value * value;
  const norm = Math.sqrt(sum);
  return norm > clipNorm ? gradient.map((value) => (value / norm) * clipNorm) : [...gradient];
}

describe('clipByNorm', () => {
  it.each([0.01, 1, 10, 29, 31, 1000])('clips to %d as a loop in float64 does', async (clipNorm) => {
    const random = Random.of(1, 'gradient');
    // Its norm is about 30.
    const gradient = Array.from({ length: 1000 }, () => Math.fround(random.normal()));
    const expected = naivelyClipped(clipNorm, gradient);
    const { values, norm } = await clippedBy(clipNorm, gradient);
    expect(norm).toBeCloseTo(Math.hypot(...gradient), 4);
    for (const [i, value] of values.entries())
      expect(Math.abs(value - expected[i])).toBeLessThan(1e-5 * Math.min(1, clipNorm));
    expect(Math.hypot(...values)).toBeLessThan(clipNorm * (1 + 1e-5) + 1e-9);
  });

  it('leaves a gradient of the very length, a shorter one and one of zeros as they are', async () => {
    expect((await clippedBy(5, [3, 4])).values).toEqual([3, 4]);
    expect((await clippedBy(5, [1, -2])).values).toEqual([1, -2]);
    expect(await clippedBy(5, [0, 0])).toEqual({ values: [0, 0], norm: 0 });
  });

  it('takes gradients whose squares are far from 1', async () => {
    const { values } = await clippedBy(1, [3e15, -4e15]);
    expect(values[0]).toBeCloseTo(0.6, 6);
    expect(values[1]).toBeCloseTo(-0.8, 6);
  });

  it('leaves an infinite gradient not finite, so that training stops', async () => {
    const { values } = await clippedBy(1, [Number.POSITIVE_INFINITY, 1]);
    expect(values.every(Number.isFinite)).toBe(false);
  });
});
