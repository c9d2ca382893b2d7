import { describe, expect, it } from 'vitest';
import { naiveOrthogonalized, product, type Rows, turned } from '../../../test/oracle/newton-schulz.js';
import { Random } from '../../core/random.js';
import { input, Program } from '../../engine/index.js';
import { symmetricEigen } from '../symmetric-eigen.js';
import { orthogonalized } from './orthogonalized.js';

async function run(matrix: Rows, iterations: number): Promise<Rows> {
  const shape = [matrix.length, matrix[0].length];
  const result = orthogonalized(input('matrix', 'float32', shape), iterations);
  const program = await Program.compile({ outputs: { result } }, { threads: 1 });
  const outputs = await program.run({ matrix: Float32Array.from(matrix.flat()) });
  await program.release();
  const flat = Array.from(outputs.result as Float32Array);
  return matrix.map((row, r) => flat.slice(r * row.length, (r + 1) * row.length));
}

const random = Random.of(7, 'newton-schulz');
const draw = (rows: number, columns: number): Rows =>
  Array.from({ length: rows }, () => Array.from({ length: columns }, () => random.normal()));

describe('orthogonalized', () => {
  it.each([
    [8, 3, 3],
    [3, 8, 5],
    [4, 4, 1],
    [4, 4, 4],
    [9, 4, 7],
    [1, 6, 3],
    [5, 1, 3],
    [3, 3, 0],
  ])('is the iteration in float64, for %d rows, %d columns and %d iterations', async (rows, columns, n) => {
    const matrix = draw(rows, columns);
    const expected = naiveOrthogonalized(matrix, n);
    const got = await run(matrix, n);
    for (const [r, row] of got.entries())
      for (const [c, value] of row.entries()) expect(value).toBeCloseTo(expected[r][c], 4);
  });

  it('brings all singular values near 1, in either shape', async () => {
    const tall = draw(12, 4).map((row) => row.map((value, c) => value * [1, 3, 10, 30][c]));
    for (const matrix of [tall, turned(tall)]) {
      const result = await run(matrix, 5);
      const gram = matrix === tall ? product(turned(result), result) : product(result, turned(result));
      for (const square of symmetricEigen(gram).values) {
        expect(Math.sqrt(square)).toBeGreaterThan(0.65);
        expect(Math.sqrt(square)).toBeLessThan(1.25);
      }
    }
  });

  it.each([
    [3, 12],
    [12, 3],
    [5, 5],
  ])('stays bounded where rows are equal, %d × %d, however often', async (rows, columns) => {
    const matrix = draw(rows, columns);
    const equal = matrix.map((row, r) => (r > 0 && r < 3 ? matrix[0] : row));
    for (const iterations of [3, 5, 10, 20, 40]) {
      // Singular values are below 1.25, so every number is.
      for (const value of (await run(equal, iterations)).flat()) expect(Math.abs(value)).toBeLessThan(1.25);
    }
  });

  it.each([1e-4, 1e6])('does not see the scale of a matrix, be it %d', async (scale) => {
    const matrix = draw(5, 3);
    const scaled = await run(
      matrix.map((row) => row.map((value) => value * scale)),
      3,
    );
    const plain = await run(matrix, 3);
    // What keeps the norm from zero is a thousandth of a norm of 1e-4.
    for (const [i, value] of scaled.flat().entries())
      expect(Math.abs(value - plain.flat()[i])).toBeLessThan(2e-3);
  });

  it('leaves zeros as they are', async () => {
    expect(
      await run(
        [
          [0, 0],
          [0, 0],
          [0, 0],
        ],
        3,
      ),
    ).toEqual([
      [0, 0],
      [0, 0],
      [0, 0],
    ]);
  });
});
