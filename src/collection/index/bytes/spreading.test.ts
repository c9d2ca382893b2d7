import { describe, expect, it } from 'vitest';
import { unitVector } from '../../../../test/fixtures/unit-vectors.js';
import { Random } from '../../../core/random.js';
import { spread, spreadingMatrix, spreadingOf } from './spreading.js';

describe('spread', () => {
  const random = Random.of(3, 'spreading');

  it('mixes the largest power of two that divides the dimension, up to 64', () => {
    const sizes = [1, 7, 24, 64, 128, 320, 1280].map((dimension) => spreadingOf(dimension).size);
    expect(sizes).toEqual([1, 1, 8, 64, 64, 64, 64]);
  });

  it('is the product with its matrix', () => {
    for (const dimension of [1, 7, 24, 64, 128, 320]) {
      const spreading = spreadingOf(dimension);
      const matrix = spreadingMatrix(spreading);
      const { size } = spreading;
      const vector = Float64Array.from(unitVector(random, dimension));
      const expected = vector.map((_, at) => {
        const [block, j] = [at - (at % size), at % size];
        let sum = 0;
        for (let i = 0; i < size; i++) sum += vector[block + i]! * matrix[i * size + j]!;
        return sum;
      });
      spread(spreading, vector);
      for (const [i, value] of vector.entries()) expect(value).toBeCloseTo(expected[i]!, 12);
    }
  });

  it('keeps dot products but for a factor', () => {
    for (const dimension of [7, 24, 128]) {
      const spreading = spreadingOf(dimension);
      const [a, b] = [0, 1].map(() => Float64Array.from(unitVector(random, dimension))) as [
        Float64Array,
        Float64Array,
      ];
      const dot = () => a.reduce((sum, value, i) => sum + value * b[i]!, 0);
      const before = dot();
      for (const vector of [a, b]) spread(spreading, vector);
      expect(dot() / spreading.size).toBeCloseTo(before, 12);
    }
  });

  it('leaves no number large', () => {
    const spreading = spreadingOf(128);
    const vector = new Float64Array(128);
    vector[5] = 1;
    spread(spreading, vector);
    // Its length is 8 now.
    expect(Math.max(...vector.map(Math.abs))).toBe(1);
  });
});
