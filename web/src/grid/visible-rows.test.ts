import { expect, test } from 'vitest';
import { mostHeightPx, type RowsPlace, scrollTopFor, visibleRows } from './visible-rows.js';

const few: RowsPlace = { count: 100, rowHeightPx: 50, offsetPx: 20, viewPx: 500, scrollTopPx: 1020 };

test('rows in view are there, and three more on either side', () => {
  expect(visibleRows(few)).toEqual({ heightPx: 5000, first: 17, end: 33, shiftPx: 0 });
  expect(visibleRows({ ...few, scrollTopPx: 0 })).toMatchObject({ first: 0, end: 13 });
  expect(visibleRows({ ...few, scrollTopPx: 99_999 })).toMatchObject({ first: 100, end: 100 });
  expect(visibleRows({ ...few, count: 0 })).toMatchObject({ heightPx: 0, first: 0, end: 0 });
});

test('scrolls no farther than a row needs to be seen', () => {
  expect(scrollTopFor(25, few)).toBe(1020);
  expect(scrollTopFor(19, few)).toBe(970);
  expect(scrollTopFor(30, few)).toBe(1070);
});

// A million images in two columns.
const many: RowsPlace = { count: 500_000, rowHeightPx: 200, offsetPx: 0, viewPx: 800, scrollTopPx: 0 };

test('rows that are higher together than elements can be are all reached', () => {
  const { heightPx } = visibleRows(many);
  expect(heightPx).toBe(mostHeightPx);
  const bottom = { ...many, scrollTopPx: heightPx - many.viewPx };
  const { end, shiftPx } = visibleRows(bottom);
  expect(end).toBe(many.count);
  // The lower edge of the last row is that of the view.
  expect(many.count * 200 + shiftPx - bottom.scrollTopPx).toBeCloseTo(many.viewPx, 3);
  const middle = visibleRows({ ...many, scrollTopPx: (heightPx - many.viewPx) / 2 });
  expect(middle.first).toBeCloseTo(250_000, -2);
});

test.each([0, 1, 1234, 250_000, 499_999])('row %i of them is in view when it is gone to', (index) => {
  for (const from of [0, 7_000_000, mostHeightPx - many.viewPx]) {
    const scrollTopPx = scrollTopFor(index, { ...many, scrollTopPx: from });
    const { first, end, shiftPx } = visibleRows({ ...many, scrollTopPx });
    expect(first).toBeLessThanOrEqual(index);
    expect(end).toBeGreaterThan(index);
    const topInView = index * 200 + shiftPx - scrollTopPx;
    expect(topInView).toBeGreaterThan(-1e-3);
    expect(topInView + 200).toBeLessThan(many.viewPx + 1e-3);
  }
});
