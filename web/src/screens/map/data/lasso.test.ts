import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { lassoFromText, lassoToText, rowsInside, simplified } from './lasso.js';
import { PointGrid } from './point-grid.js';

const square = Float32Array.of(-0.5, -0.5, 0.5, -0.5, 0.5, 0.5, -0.5, 0.5);
const circle = (corners: number) =>
  Float32Array.from({ length: 2 * corners }, (_, at) => {
    const angle = (2 * Math.PI * (at >> 1)) / corners;
    return 0.8 * (at % 2 === 0 ? Math.cos(angle) : Math.sin(angle));
  });

/** Counts crossings with every edge, as the definition has it. */
function isInside(lasso: Float32Array, x: number, y: number): boolean {
  let crossings = 0;
  for (let at = 0; at < lasso.length; at += 2) {
    const next = (at + 2) % lasso.length;
    const [ax, ay, bx, by] = [lasso[at]!, lasso[at + 1]!, lasso[next]!, lasso[next + 1]!];
    if (ay > y !== by > y && x < ax + ((bx - ax) * (y - ay)) / (by - ay)) crossings++;
  }
  return crossings % 2 === 1;
}

describe('what is inside', () => {
  test('is found as if every point had been looked at', () => {
    const coordinate = fc.float({ min: -1, max: 1, noNaN: true });
    const line = fc.array(fc.tuple(coordinate, coordinate), { minLength: 3, maxLength: 12 });
    const points = fc.array(fc.tuple(coordinate, coordinate), { maxLength: 100 });
    fc.assert(
      fc.property(line, points, (corners, pairs) => {
        const lasso = Float32Array.from(corners.flat());
        const places = Float32Array.from(pairs.flat());
        const expected = pairs.flatMap(([x, y], row) => (isInside(lasso, x, y) ? [row] : []));
        expect([...rowsInside(lasso, places, new PointGrid(places))]).toEqual(expected);
      }),
    );
  });

  test('is what lies in a square and not beside it', () => {
    const places = Float32Array.of(0, 0, 0.4, -0.4, 0.6, 0, -0.9, -0.9);
    expect([...rowsInside(square, places, new PointGrid(places))]).toEqual([0, 1]);
  });

  test('leaves out what an hourglass has outside of its waist', () => {
    const hourglass = Float32Array.of(-0.5, -0.5, 0.5, -0.5, -0.5, 0.5, 0.5, 0.5);
    const places = Float32Array.of(0, -0.3, 0.4, 0);
    expect([...rowsInside(hourglass, places, new PointGrid(places))]).toEqual([0]);
  });

  test('is nothing of a line with two corners', () => {
    const places = Float32Array.of(0, 0);
    expect(rowsInside(Float32Array.of(-1, -1, 1, 1), places, new PointGrid(places))).toHaveLength(0);
  });
});

describe('a line of many corners', () => {
  test('keeps its shape with few of them', () => {
    const few = simplified(circle(5000));
    expect(few.length / 2).toBeLessThanOrEqual(64);
    for (let i = 0; i < 200; i++) {
      const [x, y] = [Math.cos(i), Math.sin(i)];
      expect(isInside(few, 0.76 * x, 0.76 * y)).toBe(true);
      expect(isInside(few, 0.82 * x, 0.82 * y)).toBe(false);
    }
  });

  test('stays as it is where it has few already', () => {
    expect(simplified(square)).toEqual(square);
  });
});

describe('the text of a lasso', () => {
  test('is read back within a thousandth', () => {
    const line = fc.array(fc.float({ min: -1, max: 1, noNaN: true }), { minLength: 6, maxLength: 40 });
    fc.assert(
      fc.property(line, (numbers) => {
        const lasso = Float32Array.from(numbers.slice(0, numbers.length & ~1));
        const back = lassoFromText(lassoToText(lasso))!;
        expect(back).toHaveLength(lasso.length);
        lasso.forEach((value, at) => {
          expect(Math.abs(back[at]! - value)).toBeLessThan(0.001);
        });
      }),
    );
  });

  test('is not too long for an address, however it was drawn', () => {
    const hand = circle(3000).map((value, at) => value + 0.01 * Math.sin(at * 77));
    expect(lassoToText(simplified(hand)).length).toBeLessThanOrEqual(256);
  });

  test.each(['', 'abc', 'AAAAAAAA', 'AAAAAAAAAAA!', 'A'.repeat(4004)])('%j is none', (text) => {
    expect(lassoFromText(text)).toBeUndefined();
  });
});
