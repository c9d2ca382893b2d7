import { expect, test } from 'vitest';
import { draggedBy, fitted, transformOf, zoomedAt } from './linked-zoom.js';

/** Where a place of the picture, in shares from its middle, is in the frame. */
const seenAt = (zoom: typeof fitted, x: number) => zoom.x + x * zoom.scale;

test('what is under the pointer stays there', () => {
  const once = zoomedAt(fitted, 3, 0.25, -0.1);
  expect(seenAt(once, 0.25)).toBeCloseTo(0.25);
  const twice = zoomedAt(once, 2, 0.1, 0);
  const under = (0.1 - once.x) / once.scale;
  expect(seenAt(twice, under)).toBeCloseTo(0.1);
});

test('the frame stays full', () => {
  expect(draggedBy(fitted, 0.3, -2)).toEqual(fitted);
  expect(draggedBy(zoomedAt(fitted, 3), 9, -9)).toEqual({ scale: 3, x: 1, y: -1 });
  expect(zoomedAt(draggedBy(zoomedAt(fitted, 4), 9, 9), 0.01)).toEqual(fitted);
});

test('there is a closest', () => {
  expect(zoomedAt(fitted, 1e9).scale).toBe(16);
});

test('a style moves by the frame, so that it means the same in frames of all sizes', () => {
  expect(transformOf({ scale: 2, x: 0.5, y: -0.25 })).toBe('translate(50.000%, -25.000%) scale(2.0000)');
});
