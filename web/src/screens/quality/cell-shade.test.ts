import { expect, test } from 'vitest';
import { isStrong, shadeOf } from './cell-shade.js';

test('more is darker, from nothing to all', () => {
  const shades = Array.from({ length: 101 }, (_, share) => shadeOf(share / 100));
  expect(shades[0]).toBe(0);
  expect(shades[100]).toBeCloseTo(1);
  expect([...shades].sort((a, b) => a - b)).toEqual(shades);
});

test('no cell has a colour that neither ink can be read on', () => {
  for (let share = 0; share <= 1; share += 0.001) {
    if (isStrong(share)) expect(shadeOf(share)).toBeGreaterThanOrEqual(0.88);
    else expect(shadeOf(share)).toBeLessThanOrEqual(0.55);
  }
});

test('one mistake of a hundred can be seen', () => {
  expect(shadeOf(0.01)).toBeGreaterThan(0.08);
});
