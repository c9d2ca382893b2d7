import { expect, test } from 'vitest';
import { mapPointsOf } from './map-points.js';

const columns = {
  ids: Uint32Array.of(4, 7, 9, 12),
  xs: Float32Array.of(10, 30, 20, 20),
  ys: Float32Array.of(0, 0, 5, -5),
  clusters: Uint16Array.of(1, 1, 2, 2),
  outlierScores: Float32Array.of(0, 1, 2, 3),
  labelCodes: Int32Array.of(0, 1, 1, -1),
  labels: ['ant', 'bee'],
};

test('places fill the square from -1 to 1 without being stretched', () => {
  expect([...mapPointsOf(columns).places]).toEqual([-1, 0, 1, 0, 0, 0.5, 0, -0.5]);
});

test('the commonest label comes first, and having none is one of them', () => {
  const points = mapPointsOf(columns);
  expect(points.labels).toEqual([
    { label: 'bee', images: 2 },
    { label: null, images: 1 },
    { label: 'ant', images: 1 },
  ]);
  expect([...points.labelCodes].map((code) => points.labels[code]!.label)).toEqual([
    'ant',
    'bee',
    'bee',
    null,
  ]);
});

test('a label that was sent twice is one, one that no point has is none', () => {
  const points = mapPointsOf({
    ...columns,
    labels: ['ant', 'bee', 'ant', 'cow'],
    labelCodes: Int32Array.of(0, 1, 2, 2),
  });
  expect(points.labels).toEqual([
    { label: 'ant', images: 3 },
    { label: 'bee', images: 1 },
  ]);
});

test('points that all lie in one place stay in the middle', () => {
  const same = { ...columns, xs: Float32Array.of(3, 3, 3, 3), ys: Float32Array.of(2, 2, 2, 2) };
  expect([...mapPointsOf(same).places]).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
});
