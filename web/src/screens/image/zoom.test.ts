import { expect, test } from 'vitest';
import { bounded, fitted, fittedSize, zoomedAt } from './zoom.js';

const frame = { width: 800, height: 600 };
const image = { width: 400, height: 400 };

test('an image is fitted by its longer side', () => {
  expect(fittedSize(image, frame)).toEqual({ width: 600, height: 600 });
  expect(fittedSize({ width: 3000, height: 1000 }, frame)).toEqual({ width: 800, height: 800 / 3 });
});

test('what lies under the pointer stays there', () => {
  const zoom = zoomedAt({ scale: 2, x: 30, y: -10 }, 1.5, 100, 50);
  // A point of the image at distance d from its middle is seen at x + d · scale.
  const before = (100 - 30) / 2;
  expect(zoom.x + before * zoom.scale).toBeCloseTo(100);
  expect(zoom.scale).toBe(3);
});

test('out of the smallest scale the image is fitted again', () => {
  expect(zoomedAt({ scale: 1.2, x: 40, y: 9 }, 0.5, 0, 0)).toEqual(fitted);
  expect(zoomedAt(fitted, 1000, 0, 0).scale).toBe(32);
});

test('an image is moved no further than its edge, and not at all where it fits', () => {
  expect(bounded({ scale: 2, x: 9999, y: -9999 }, image, frame)).toEqual({ scale: 2, x: 200, y: -300 });
  expect(bounded({ scale: 1, x: 50, y: 50 }, image, frame)).toEqual(fitted);
});
