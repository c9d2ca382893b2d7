import { describe, expect, test } from 'vitest';
import { mapPointsOf } from './map-points.js';
import { countsOf, pick, type Wanted } from './picked.js';
import { PointGrid } from './point-grid.js';

const points = mapPointsOf({
  ids: Uint32Array.of(1, 2, 3, 4, 5, 6),
  xs: Float32Array.of(-1, -0.9, 0, 0.1, 0.9, 1),
  ys: Float32Array.of(0, 0, 0, 0, 0, 0),
  clusters: Uint16Array.of(1, 1, 2, 2, 3, 3),
  outlierScores: new Float32Array(6),
  labelCodes: Int32Array.of(0, 1, 0, 1, 0, -1),
  labels: ['cat', 'dog'],
});
const grid = new PointGrid(points.places);
const leftHalf = Float32Array.of(-1.2, -1, 0.05, -1, 0.05, 1, -1.2, 1);
const nothing: Wanted = { clusters: new Set(), labels: new Set(), lasso: undefined };
const ids = (wanted: Partial<Wanted>) =>
  [...pick(points, grid, { ...nothing, ...wanted }).rows].map((row) => points.ids[row]);

describe('what is picked', () => {
  test('is nothing where nothing was asked for, and no point steps aside', () => {
    const picked = pick(points, grid, nothing);
    expect(picked.any).toBe(false);
    expect(picked.rows).toHaveLength(0);
    expect([...picked.states]).toEqual([1, 1, 1, 1, 1, 1]);
  });

  test('is in any of the clusters', () => {
    expect(ids({ clusters: new Set([1, 3]) })).toEqual([1, 2, 5, 6]);
  });

  test('has any of the labels, none being one of them', () => {
    expect(ids({ labels: new Set(['dog', null]) })).toEqual([2, 4, 6]);
  });

  test('meets all that was asked for', () => {
    expect(ids({ lasso: leftHalf })).toEqual([1, 2, 3]);
    expect(ids({ lasso: leftHalf, labels: new Set(['cat']) })).toEqual([1, 3]);
    expect(ids({ lasso: leftHalf, labels: new Set(['cat']), clusters: new Set([2]) })).toEqual([3]);
  });

  test('is marked, and the others step aside', () => {
    const { states, any } = pick(points, grid, { ...nothing, clusters: new Set([9]) });
    expect(any).toBe(true);
    expect([...states]).toEqual([0, 0, 0, 0, 0, 0]);
    expect([...pick(points, grid, { ...nothing, clusters: new Set([2]) }).states]).toEqual([
      0, 0, 2, 2, 0, 0,
    ]);
  });
});

test('each list counts what the other one and the lasso leave', () => {
  const counts = countsOf(points, grid, {
    clusters: new Set([1]),
    labels: new Set(['cat']),
    lasso: leftHalf,
  });
  expect([...counts.clusters]).toEqual([
    [1, 1],
    [2, 1],
  ]);
  expect(Object.fromEntries(counts.labels)).toEqual({ cat: 1, dog: 1, null: 0 });
});
