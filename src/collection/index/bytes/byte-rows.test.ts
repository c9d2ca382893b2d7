import { afterAll, describe, expect, it } from 'vitest';
import { hardVectors } from '../../../../test/fixtures/hard-vectors.js';
import { joined, unitVector } from '../../../../test/fixtures/unit-vectors.js';
import { Random } from '../../../core/random.js';
import { zeroByte } from '../../../engine/index.js';
import { dotProduct } from '../dot-product.js';
import { BytePrograms } from './byte-programs.js';
import { encodeQueries } from './byte-queries.js';
import { encodeRows } from './byte-rows.js';

const all = [7, 24, 128].map((dimension) => new BytePrograms(dimension, 1));
afterAll(() => Promise.all(all.map((programs) => programs.release())));

/** Random ones, and rows themselves, whose nearest are hardest to tell apart. */
function queriesFor(matrix: Float32Array, dimension: number, count: number): Float32Array {
  const random = Random.of(count, 'queries');
  const rows = matrix.length / dimension;
  return joined(
    Array.from({ length: count }, (_, i) => {
      const row = random.integer(rows);
      return i % 2 === 0
        ? unitVector(random, dimension)
        : matrix.slice(row * dimension, (row + 1) * dimension);
    }),
  );
}

describe.each([63, 127])('bytes of rows, and queries of numbers up to %d', (largest) => {
  it('are never further off than they say, whatever the vectors', async () => {
    for (const programs of all) {
      const { dimension } = programs;
      for (const [name, make] of Object.entries(hardVectors(333, dimension))) {
        const matrix = make();
        const rows = await encodeRows(programs, matrix);
        const queries = queriesFor(matrix, dimension, 8);
        const { numbers, unit, slack } = encodeQueries(queries, dimension, programs.spreading, rows, largest);
        for (const [query, bound] of slack.entries()) {
          // Nothing is said of what float32 cannot square.
          if (!Number.isFinite(bound)) {
            expect(name).toBe('huge');
            continue;
          }
          let furthest = 0;
          for (let row = 0; row < matrix.length / dimension; row++) {
            let product = 0;
            for (let i = 0; i < dimension; i++)
              product += numbers[query * dimension + i]! * (rows.bytes[row * dimension + i]! - zeroByte);
            const exact = dotProduct(queries, query * dimension, matrix, row * dimension, dimension);
            furthest = Math.max(furthest, Math.abs(exact - unit[query]! * product));
          }
          expect(furthest, name).toBeLessThanOrEqual(bound);
        }
      }
    }
  });

  it('say little more than what they have lost', async () => {
    const programs = all[2]!;
    const random = hardVectors(500, 128).random!();
    const rows = await encodeRows(programs, random);
    const { slack } = encodeQueries(queriesFor(random, 128, 20), 128, programs.spreading, rows, largest);
    expect(Math.max(...slack)).toBeLessThan(largest === 63 ? 0.04 : 0.03);
    // Large numbers are spread before they cost the others their steps.
    const heavy = hardVectors(500, 128)['of heavy tails']!();
    const spread = await encodeRows(programs, heavy);
    const asked = encodeQueries(queriesFor(heavy, 128, 20), 128, programs.spreading, spread, largest);
    expect(Math.max(...asked.slack)).toBeLessThan(largest === 63 ? 0.06 : 0.045);
  });
});
