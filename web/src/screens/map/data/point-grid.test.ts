import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PointGrid } from './point-grid.js';

const coordinate = fc.float({ min: -1, max: 1, noNaN: true });
const places = fc
  .array(fc.tuple(coordinate, coordinate), { maxLength: 200 })
  .map((pairs) => Float32Array.from(pairs.flat()));

test('the nearest point is the one that looking at all of them finds', () => {
  fc.assert(
    fc.property(
      places,
      coordinate,
      coordinate,
      fc.float({ min: 0, max: 3, noNaN: true }),
      (all, x, y, radius) => {
        const distance = (row: number) => Math.hypot(all[2 * row]! - x, all[2 * row + 1]! - y);
        const rows = Array.from({ length: all.length / 2 }, (_, row) => row).filter((row) => row % 3 !== 0);
        const least = Math.min(...rows.map(distance));
        const found = new PointGrid(all).nearest(x, y, radius, (row) => row % 3 !== 0);
        if (found === undefined) expect(least).toBeGreaterThan(radius * (1 - 1e-6));
        else expect(distance(found)).toBeCloseTo(least, 6);
      },
    ),
  );
});

test('a rectangle visits every point that lies in it once', () => {
  fc.assert(
    fc.property(places, coordinate, coordinate, coordinate, coordinate, (all, a, b, c, d) => {
      const [left, right, bottom, top] = [Math.min(a, b), Math.max(a, b), Math.min(c, d), Math.max(c, d)];
      const visited: number[] = [];
      new PointGrid(all).visit(left, bottom, right, top, (row) => visited.push(row));
      expect(new Set(visited).size).toBe(visited.length);
      for (let row = 0; row < all.length / 2; row++) {
        const [x, y] = [all[2 * row]!, all[2 * row + 1]!];
        if (x >= left && x <= right && y >= bottom && y <= top) expect(visited).toContain(row);
      }
    }),
  );
});
