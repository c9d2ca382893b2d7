import { expect, test } from 'vitest';
import { gridGeometry, movedIndex } from './geometry.js';

test('tiles are at least as wide as wanted and fill the width', () => {
  const { columns, tileWidthPx, rowHeightPx } = gridGeometry(1000, 160, 8, 24);
  expect(columns).toBe(6);
  expect(columns * tileWidthPx + (columns - 1) * 8).toBeCloseTo(1000);
  expect(tileWidthPx).toBeGreaterThanOrEqual(160);
  expect(rowHeightPx).toBeCloseTo(tileWidthPx + 32);
});

test('a telephone has two columns, however large tiles should be', () => {
  expect(gridGeometry(336, 260, 8, 0).columns).toBe(2);
  expect(gridGeometry(100, 260, 8, 0).columns).toBe(1);
});

// 0 1 2
// 3 4 5
// 6 7
const move = (from: number, key: Parameters<typeof movedIndex>[1]) => movedIndex(from, key, 8, 3, 2);

test('arrows move by one and by a row, and stay where nothing follows', () => {
  expect(move(4, 'ArrowLeft')).toBe(3);
  expect(move(2, 'ArrowRight')).toBe(3);
  expect(move(0, 'ArrowLeft')).toBe(0);
  expect(move(7, 'ArrowRight')).toBe(7);
  expect(move(4, 'ArrowUp')).toBe(1);
  expect(move(1, 'ArrowUp')).toBe(1);
  expect(move(1, 'ArrowDown')).toBe(4);
  expect(move(7, 'ArrowDown')).toBe(7);
});

test('down from above a gap in the last row leads to its last tile', () => {
  expect(move(5, 'ArrowDown')).toBe(7);
});

test('pages lead as far as there is something', () => {
  expect(move(1, 'PageDown')).toBe(7);
  expect(move(7, 'PageUp')).toBe(1);
  expect(move(5, 'PageUp')).toBe(2);
  expect(move(4, 'Home')).toBe(0);
  expect(move(4, 'End')).toBe(7);
});
