import { describe, expect, it, vi } from 'vitest';
import { ofUnitLength } from '../../../test/fixtures/unit-vectors.js';
import { Random } from '../../core/random.js';
import { fewestByteRows } from './bytes/byte-copy.js';
import { BytePrograms } from './bytes/byte-programs.js';
import { dotProduct } from './dot-product.js';
import { ExactIndex } from './exact-index.js';

function matrixOf(count: number, dimension: number, seed: number): Float32Array {
  const random = Random.of(seed, 'rows');
  const matrix = Float32Array.from({ length: count * dimension }, () => random.between(-1, 1));
  for (let from = 0; from < matrix.length; from += dimension) {
    const row = matrix.subarray(from, from + dimension);
    row.set(ofUnitLength(row));
  }
  return matrix;
}

/** The k best by float64 of rows whose ids count from 1. */
function bruteForce(matrix: Float32Array, gone: ReadonlySet<number>, query: Float32Array, k: number) {
  const dimension = query.length;
  const scores = Float64Array.from({ length: matrix.length / dimension }, (_, row) =>
    gone.has(row + 1) ? Number.NEGATIVE_INFINITY : dotProduct(query, 0, matrix, row * dimension, dimension),
  );
  const kth = scores.toSorted().at(-k)!;
  return [...scores.entries()]
    .filter(([, score]) => score >= kth)
    .map(([row, score]) => ({ id: row + 1, score }))
    .sort((a, b) => b.score - a.score || a.id - b.id)
    .slice(0, k);
}

// Vectors of 16 numbers have rows left out by vector instructions.
describe.each([12, 16])('an exact search of many queries among many rows of %d numbers', (dimension) => {
  it('finds what brute force does, to the bit, before and after rows are changed', async () => {
    const count = fewestByteRows + 1001;
    const matrix = matrixOf(count, dimension, 1);
    // Some that nothing tells apart, so that bytes leave queries open.
    for (let row = 5; row < 5000; row += 10) matrix.copyWithin(row * dimension, 0, dimension);
    const queries = matrixOf(1100, dimension, 2);
    for (let query = 0; query < 1100; query += 100)
      queries.set(matrix.subarray(0, dimension), query * dimension);
    const index = new ExactIndex(dimension);
    index.upsert(
      Uint32Array.from({ length: count }, (_, i) => i + 1),
      matrix,
    );
    const gone = new Set<number>();
    const byBytes = vi.spyOn(BytePrograms.prototype, 'bestGroups');
    const expectNearest = async (k: number) => {
      const found = await index.search(queries, k);
      expect(found).toHaveLength(1100);
      expect(byBytes).toHaveBeenCalled();
      byBytes.mockClear();
      for (let at = 0; at < 1100; at += 150) {
        const query = queries.subarray(at * dimension, (at + 1) * dimension);
        expect(found[at]).toEqual(bruteForce(matrix, gone, query, k));
      }
      // Alone each is searched by float32.
      for (let at = 1; at < 1100; at += 120)
        expect((await index.search(queries.subarray(at * dimension, (at + 1) * dimension), k))[0]).toEqual(
          found[at],
        );
    };
    await expectNearest(10);
    await expectNearest(3);

    const changed = matrixOf(50, dimension, 3);
    matrix.set(changed, 700 * dimension);
    index.upsert(
      Uint32Array.from({ length: 50 }, (_, i) => 701 + i),
      changed,
    );
    await expectNearest(10);

    // What a search goes through stays as it is until it ends.
    for (let id = 2; id < 400; id += 3) gone.add(id);
    const [before] = await index.search(queries, 1);
    const underWay = index.search(queries, 1);
    index.remove(Uint32Array.from(gone));
    expect((await underWay)[0]).toEqual(before);
    await expectNearest(10);

    // Of so many, bytes leave more open than they settle, and pause from then on.
    if (dimension === 16) await expectNearest(150);

    const stop = AbortSignal.abort(new Error('enough'));
    await expect(index.search(queries, 10, { signal: stop })).rejects.toThrow('enough');
    await index.close();
  }, 60_000);
});
