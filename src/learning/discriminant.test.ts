import { describe, expect, it } from 'vitest';
import { Random } from '../core/random.js';
import { discriminant } from './discriminant.js';
import { principalDirections } from './principal-directions.js';

const width = 6;

/** Two classes that differ a little in the first direction, beside one in which all images vary much. */
function lines(count: number, seed = 1) {
  const random = Random.of(seed, 'lines');
  const labels = Int32Array.from({ length: count }, (_, i) => i % 2);
  const vectors = new Float32Array(count * width);
  for (let i = 0; i < count; i++)
    for (let j = 0; j < width; j++)
      vectors[i * width + j] = random.normal() * (j > 3 ? 30 : 1) + (j === 0 ? 2 - 4 * labels[i] : 0);
  return { vectors, labels, width };
}

function mapped(vectors: Float32Array, map: Float32Array, dimension: number): number[][] {
  return Array.from({ length: vectors.length / width }, (_, row) =>
    Array.from({ length: dimension }, (_, d) => {
      let sum = 0;
      for (let j = 0; j < width; j++) sum += vectors[row * width + j] * map[j * dimension + d];
      return sum;
    }),
  );
}

function nearestIsOfItsClass(rows: readonly number[][], labels: Int32Array): number {
  const cosine = (a: number[], b: number[]) =>
    a.reduce((sum, value, i) => sum + value * b[i], 0) / (Math.hypot(...a) * Math.hypot(...b));
  const right = rows.filter((row, i) => {
    const scores = rows.map((other, k) => (k === i ? -2 : cosine(row, other)));
    return labels[scores.indexOf(Math.max(...scores))] === labels[i];
  });
  return right.length / rows.length;
}

describe('discriminant', () => {
  it.each([width, 3])(
    'brings images of a class together that it has not seen, in %i numbers',
    (dimension) => {
      const map = discriminant(lines(100), { shrinkage: 0.2, gain: 3, dimension });
      const { vectors, labels } = lines(80, 2);
      const plain = Array.from({ length: 80 }, (_, row) => [
        ...vectors.subarray(row * width, (row + 1) * width),
      ]);
      const before = nearestIsOfItsClass(plain, labels);
      const after = nearestIsOfItsClass(mapped(vectors, map, dimension), labels);
      expect(before).toBeLessThan(0.85);
      expect(after).toBeGreaterThan(before + 0.1);
    },
  );

  it('evens out what varies within classes, and stretches what tells them apart by the gain', () => {
    const data = lines(4000);
    const rows = mapped(data.vectors, discriminant(data, { shrinkage: 0, gain: 1 }), width);
    const mean = (label: number) =>
      Array.from({ length: width }, (_, j) => {
        const of = rows.filter((_, i) => data.labels[i] === label);
        return of.reduce((sum, row) => sum + row[j], 0) / of.length;
      });
    const means = [mean(0), mean(1)];
    const covariance = (a: number, b: number) =>
      rows.reduce(
        (sum, row, i) => sum + (row[a] - means[data.labels[i]][a]) * (row[b] - means[data.labels[i]][b]),
        0,
      ) / rows.length;
    const variance = covariance(0, 0);
    for (let a = 0; a < width; a++)
      for (let b = 0; b < width; b++) expect(covariance(a, b) / variance).toBeCloseTo(a === b ? 1 : 0, 3);

    const apart = (gain: number) => {
      const stretched = mapped(data.vectors, discriminant(data, { shrinkage: 0, gain }), width);
      // Within classes, across the line through the means, nothing changes but the scale of all.
      const spread = (j: number) => Math.sqrt(stretched.reduce((sum, row) => sum + row[j] ** 2, 0));
      return spread(0) / spread(1);
    };
    expect(apart(4) / apart(1)).toBeCloseTo(4, 1);
  });

  it('takes classes that are all alike, and as many classes as images', () => {
    for (const labels of [Int32Array.of(0, 0, 1), Int32Array.of(0, 1, 2)]) {
      const alike = { vectors: new Float32Array(3 * width).fill(0.5), labels, width };
      for (const value of discriminant(alike, { shrinkage: 0.8, gain: 3 }))
        expect(Number.isFinite(value)).toBe(true);
    }
  });
});

describe('principalDirections', () => {
  it('finds the directions of most spread', () => {
    const random = Random.of(3, 'spread');
    const scales = [0.1, 5, 0.2, 3, 0.1, 0.3];
    const vectors = Float32Array.from({ length: 500 * width }, (_, i) => random.normal() * scales[i % width]);
    const directions = principalDirections(vectors, width, 2);
    for (const direction of directions) expect(Math.hypot(direction[1], direction[3])).toBeCloseTo(1, 2);
    const dot = directions[0].reduce((sum, value, i) => sum + value * directions[1][i], 0);
    expect(dot).toBeCloseTo(0, 10);
  });

  it('gives as many as asked for, of fewer vectors as well', () => {
    expect(principalDirections(Float32Array.of(1, 2, 3, 4, 5, 6), width, 4)).toHaveLength(4);
  });
});
