import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { between, boundsOf, cameraOn, moved, toMap, toPicture, wholeMap, zoomed } from './camera.js';

const size = { width: 800, height: 500 };
const whole = cameraOn(wholeMap, size);
const camera = fc.record({
  x: fc.double({ min: -1, max: 1, noNaN: true }),
  y: fc.double({ min: -1, max: 1, noNaN: true }),
  scale: fc.double({ min: 100, max: 50_000, noNaN: true }),
});

test('the whole map fits, with a margin', () => {
  expect(toPicture(whole, 0, 1, size)).toEqual([400, 24]);
  expect(toPicture(whole, 0, -1, size)).toEqual([400, 476]);
});

test('from a place of the picture to the map and back is where one was', () => {
  fc.assert(
    fc.property(camera, fc.integer({ max: 800 }), fc.integer({ max: 500 }), (from, x, y) => {
      const [backX, backY] = toPicture(from, ...toMap(from, x, y, size), size);
      expect(Math.abs(backX - x) + Math.abs(backY - y)).toBeLessThan(1e-3 * (1 + Math.abs(x) + Math.abs(y)));
    }),
  );
});

describe('zooming', () => {
  test('leaves what is under the pointer where it is', () => {
    const pointer = { x: 500, y: 200 };
    const before = toMap(whole, pointer.x, pointer.y, size);
    const after = toMap(zoomed(whole, 3, pointer, size), pointer.x, pointer.y, size);
    expect(after[0]).toBeCloseTo(before[0], 9);
    expect(after[1]).toBeCloseTo(before[1], 9);
  });

  test('ends somewhere in both directions', () => {
    const middle = { x: 400, y: 250 };
    expect(zoomed(whole, 1e9, middle, size).scale).toBe(2000 * whole.scale);
    expect(zoomed(whole, 1e-9, middle, size).scale).toBe(whole.scale / 4);
  });
});

test('what is dragged to the right and down goes there', () => {
  const [x, y] = toPicture(moved(whole, 30, 10), 0, 0, size);
  expect([x, y]).toEqual([430, 260].map((n) => expect.closeTo(n, 6)));
});

test('the middle of the map cannot be dragged off it', () => {
  expect(moved(whole, -1e6, 1e6)).toMatchObject({ x: 1, y: 1 });
});

describe('the area of some points', () => {
  const places = Float32Array.of(0, 0, 0.5, -0.25, -0.5, 0.75);
  test('is the least that holds them', () => {
    expect(boundsOf([1, 2], places)).toEqual({ left: -0.5, right: 0.5, bottom: -0.25, top: 0.75 });
  });
  test('is the whole map of none', () => {
    expect(boundsOf([], places)).toEqual(wholeMap);
  });
  test('of one point is shown no closer than asked', () => {
    const bounds = boundsOf([1], places);
    expect(cameraOn(bounds, size, 24, 8)).toMatchObject({ x: 0.5, y: -0.25, scale: 8 * whole.scale });
  });
});

test('a way begins at its begin and ends at its end', () => {
  const to = { x: 0.3, y: -0.2, scale: 4000 };
  expect(between(whole, to, 0)).toEqual(whole);
  expect(between(whole, to, 1)).toMatchObject({ x: 0.3, y: -0.2, scale: expect.closeTo(4000, 6) });
});
