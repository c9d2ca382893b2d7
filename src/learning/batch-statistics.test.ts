import { describe, expect, it } from 'vitest';
import { evaluate } from '../../test/oracle/evaluate.js';
import { naiveArray } from '../../test/oracle/naive-array.js';
import { Random } from '../core/random.js';
import { parameter } from '../engine/index.js';
import { batchStatistics } from './batch-statistics.js';

async function statisticsOf(vectors: readonly (readonly number[])[]) {
  const shape = [vectors.length, vectors[0].length];
  const outputs = batchStatistics(parameter('embeddings', shape));
  const values = await evaluate(Object.values(outputs), { embeddings: naiveArray(shape, vectors.flat()) });
  return Object.fromEntries(Object.keys(outputs).map((name, i) => [name, values[i][0]]));
}

/** By the definitions, in float64: mean cosine over all pairs, covariance entry by entry. */
function naiveStatistics(vectors: readonly (readonly number[])[]) {
  const count = vectors.length;
  const dimensions = vectors[0].map((_, d) => d);
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const centre = dimensions.map((d) => mean(vectors.map((vector) => vector[d])));
  const covariance = dimensions.map((i) =>
    dimensions.map((j) => mean(vectors.map((v) => (v[i] - centre[i]) * (v[j] - centre[j])))),
  );
  const trace = dimensions.reduce((sum, d) => sum + covariance[d][d], 0);
  const traceOfSquare = covariance.flat().reduce((sum, value) => sum + value ** 2, 0);
  let cosines = 0;
  for (const a of vectors) for (const b of vectors) cosines += a.reduce((sum, v, d) => sum + v * b[d], 0);
  return {
    meanCosine: cosines / count ** 2,
    deviation: mean(dimensions.map((d) => Math.sqrt(covariance[d][d]))),
    participationRatio: trace ** 2 / traceOfSquare,
  };
}

function unitVectors(count: number, dimension: number): number[][] {
  const random = Random.of(2, 'statistics', count, dimension);
  return Array.from({ length: count }, () => {
    const vector = Array.from({ length: dimension }, (_, d) => random.normal() / (d + 1));
    const length = Math.hypot(...vector);
    return vector.map((value) => value / length);
  });
}

describe('batchStatistics', () => {
  it.each([
    [7, 3],
    [3, 7],
    [32, 32],
    [2, 2],
  ])('has the values of its definitions for %d embeddings of %d numbers', async (count, dimension) => {
    const vectors = unitVectors(count, dimension);
    const expected = naiveStatistics(vectors);
    for (const [name, value] of Object.entries(await statisticsOf(vectors)))
      expect(value, name).toBeCloseTo(expected[name as keyof typeof expected], 4);
  });

  it('has a participation ratio of the number of directions where all count alike', async () => {
    const axes = [0, 1, 2].flatMap((axis) =>
      [1, -1].map((sign) => [0, 0, 0, 0].map((_, d) => (d === axis ? sign : 0))),
    );
    const { participationRatio, meanCosine, deviation } = await statisticsOf(axes);
    expect(participationRatio).toBeCloseTo(3, 5);
    expect(meanCosine).toBeCloseTo(0, 6);
    // Three of four dimensions have a variance of a third.
    expect(deviation).toBeCloseTo((3 / 4) * Math.sqrt(1 / 3), 5);
  });

  it('has a participation ratio of 1 where embeddings lie on a line', async () => {
    const { participationRatio } = await statisticsOf([
      [1, 0],
      [-1, 0],
      [1, 0],
    ]);
    expect(participationRatio).toBeCloseTo(1, 5);
  });

  it('tells of a collapse by 1, 0 and 0, and of embeddings of zeros likewise', async () => {
    for (const vector of [
      [0, 1, 0],
      [0, 0, 0],
    ]) {
      const { meanCosine, deviation, participationRatio } = await statisticsOf([
        vector,
        vector,
        vector,
        vector,
      ]);
      expect(meanCosine).toBe(1);
      expect(deviation).toBe(0);
      expect(participationRatio).toBe(0);
    }
  });
});
