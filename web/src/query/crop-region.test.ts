import { expect, test } from 'vitest';
import { isWhole, leastShare, movedSides, movedWhole, regionBetween, wholeImage } from './crop-region.js';

const region = { x: 0.2, y: 0.2, width: 0.4, height: 0.4 };

test('a side moves alone, a corner two of them', () => {
  const right = movedSides(region, { right: true }, 0.1, 0.5);
  expect(right.width).toBeCloseTo(0.5);
  expect([right.x, right.y, right.height]).toEqual([0.2, 0.2, expect.closeTo(0.4)]);
  const corner = movedSides(region, { left: true, top: true }, 0.1, -0.1);
  expect([corner.x, corner.y, corner.width, corner.height].map((each) => Number(each.toFixed(6)))).toEqual([
    0.3, 0.1, 0.3, 0.5,
  ]);
});

test('a side stops at the edge of the image and before the opposite side', () => {
  expect(movedSides(region, { right: true }, 5, 0)).toMatchObject({ x: 0.2, width: expect.closeTo(0.8) });
  const small = movedSides(region, { left: true }, 5, 0);
  expect(small.width).toBeCloseTo(leastShare);
  expect(small.x + small.width).toBeCloseTo(0.6);
});

test('the whole stays within the image', () => {
  expect(movedWhole(region, 1, -1)).toEqual({ x: 0.6, y: 0, width: 0.4, height: 0.4 });
});

test('a region is drawn in any direction', () => {
  const drawn = regionBetween(0.8, 0.9, 0.5, 0.3);
  expect(drawn.x).toBeCloseTo(0.5);
  expect(drawn.height).toBeCloseTo(0.6);
  expect(regionBetween(1, 1, 1, 1)).toEqual({
    x: 1 - leastShare,
    y: 1 - leastShare,
    width: leastShare,
    height: leastShare,
  });
});

test('the whole image is no crop', () => {
  expect(isWhole(wholeImage)).toBe(true);
  expect(isWhole(region)).toBe(false);
});
