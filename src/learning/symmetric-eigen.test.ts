import { describe, expect, it } from 'vitest';
import { Random } from '../core/random.js';
import { symmetricEigen } from './symmetric-eigen.js';

function randomSymmetric(n: number): number[][] {
  const random = Random.of(4, 'matrix', n);
  const rows = Array.from({ length: n }, () => Array.from({ length: n }, () => random.normal()));
  return rows.map((row, i) => row.map((value, j) => value + rows[j][i]));
}

describe('symmetricEigen', () => {
  it.each([1, 2, 5, 12, 27])('takes a matrix of %d rows apart and together again', (n) => {
    const matrix = randomSymmetric(n);
    const { values, vectors } = symmetricEigen(matrix);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        const rebuilt = values.reduce((sum, value, k) => sum + value * vectors[i][k] * vectors[j][k], 0);
        const inner = vectors.reduce((sum, row) => sum + row[i] * row[j], 0);
        expect(rebuilt).toBeCloseTo(matrix[i][j], 10);
        expect(inner).toBeCloseTo(i === j ? 1 : 0, 10);
      }
    }
    expect([...values].sort((a, b) => b - a)).toEqual(values);
  });
  it('finds the axes of a diagonal matrix, largest value first', () => {
    const { values, vectors } = symmetricEigen([
      [1, 0, 0],
      [0, 5, 0],
      [0, 0, 3],
    ]);
    expect(values).toEqual([5, 3, 1]);
    expect(vectors).toEqual([
      [0, 0, 1],
      [1, 0, 0],
      [0, 1, 0],
    ]);
  });
});
