import fc from 'fast-check';
import { expect, test } from 'vitest';
import { linePath, roundScale } from './chart-scale.js';

test.each([
  [
    [2.27, 1.66],
    [1.6, 1.8, 2, 2.2, 2.4],
  ],
  [
    [0, 1],
    [0, 0.5, 1],
  ],
  [
    [0.711, 0.739],
    [0.71, 0.72, 0.73, 0.74],
  ],
  [
    [3, 3],
    [3, 4],
  ],
  [[], [0, 0.5, 1]],
])('an axis of %j has ticks at %j', (values, ticks) => {
  expect(roundScale(values).ticks).toEqual(ticks);
});

test('every value lies on its axis, which has few ticks', () => {
  const values = fc.array(
    fc.integer({ min: -1e6, max: 1e6 }).map((n) => n / 1000),
    { minLength: 1, maxLength: 20 },
  );
  fc.assert(
    fc.property(values, (some) => {
      const scale = roundScale(some);
      for (const value of some) {
        expect(scale.at(value)).toBeGreaterThanOrEqual(-1e-6);
        expect(scale.at(value)).toBeLessThanOrEqual(1 + 1e-6);
      }
      expect(scale.ticks.length).toBeGreaterThanOrEqual(2);
      expect(scale.ticks.length).toBeLessThanOrEqual(7);
    }),
  );
});

test('a line is broken where a value is missing', () => {
  expect(
    linePath([
      [0, 1],
      [1, 2],
      [2, Number.NaN],
      [3, 4],
    ]),
  ).toBe('M0.0 1.0L1.0 2.0M3.0 4.0');
});
