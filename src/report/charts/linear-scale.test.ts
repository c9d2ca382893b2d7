import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linearScale } from './linear-scale.js';

describe('linearScale', () => {
  it('puts ticks at round values and widens the domain to them', () => {
    const scale = linearScale(1.66, 2.27, { range: [100, 0] });
    expect(scale.ticks).toEqual([1.6, 1.8, 2, 2.2, 2.4]);
    expect(scale.decimals).toBe(1);
    expect([scale.position(1.6), scale.position(2), scale.position(2.4)].map(Math.round)).toEqual([
      100, 50, 0,
    ]);
  });

  it('keeps to whole numbers where asked to', () => {
    expect(linearScale(1, 4, { range: [0, 1], integer: true, nice: false }).ticks).toEqual([1, 2, 3, 4]);
    expect(
      linearScale(1, 20, { range: [0, 1], integer: true, nice: false, tickCount: 10 }).ticks,
    ).toHaveLength(10);
  });

  it('gives a domain of one value a length', () => {
    const scale = linearScale(0, 0, { range: [0, 10] });
    expect(scale.position(0)).toBe(5);
  });

  it('holds every value between the ends of its range, with two to twelve ticks that can be told apart', () => {
    const value = fc.double({ min: -1e9, max: 1e9, noNaN: true });
    fc.assert(
      fc.property(value, value, (a, b) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        fc.pre(high - low > 1e-9 * Math.max(1, Math.abs(low), Math.abs(high)));
        const scale = linearScale(low, high, { range: [0, 100] });
        for (const inside of [low, high, (low + high) / 2]) {
          expect(scale.position(inside)).toBeGreaterThanOrEqual(-1e-4);
          expect(scale.position(inside)).toBeLessThanOrEqual(100 + 1e-4);
        }
        expect(scale.ticks.length).toBeGreaterThanOrEqual(2);
        expect(scale.ticks.length).toBeLessThanOrEqual(12);
        expect(new Set(scale.ticks.map((tick) => tick.toFixed(scale.decimals))).size).toBe(
          scale.ticks.length,
        );
      }),
    );
  });
});
