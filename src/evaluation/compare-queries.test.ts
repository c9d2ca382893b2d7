import { describe, expect, it } from 'vitest';
import { compareQueries } from './compare-queries.js';
import { measureEmbeddings } from './evaluate-embeddings.js';

const labels = Int32Array.of(0, 0, 1, 1);
const classNames = ['a', 'b'];

async function figuresOf(values: readonly number[], changes: object = {}) {
  const test = { embeddings: Float32Array.from(values), labels, classNames };
  const request = { test, dimension: 2, bootstrap: 0, ...changes };
  return (await measureEmbeddings(request)).figures;
}

const right = [1, 0, 1, 0, 0, 1, 0, 1];
// The second and third item have changed places: nobody's nearest is of its class.
const wrong = [1, 0, 0, 1, 1, 0, 0, 1];

describe('compareQueries', () => {
  it('gives the difference of every metric, second minus first', async () => {
    const differences = compareQueries(await figuresOf(right), await figuresOf(wrong));
    expect(differences.precisionAt1).toMatchObject({ difference: -1, low: -1, high: -1 });
    // The first two find theirs at rank 2, the last two, for whom ties go the other way, at rank 3.
    expect(differences.mrr.difference).toBeCloseTo((1 / 2 + 1 / 2 + 1 / 3 + 1 / 3) / 4 - 1, 12);
    expect(differences.recallAtK[10].difference).toBe(0);
    expect(differences.knnAccuracy).toBeNull();
  });

  it('compares votes query by query', async () => {
    const train = { embeddings: Float32Array.of(1, 0, 0, 1), labels: Int32Array.of(0, 1), classNames };
    const changes = { train, knnNeighbours: 1 };
    const differences = compareQueries(await figuresOf(right, changes), await figuresOf(wrong, changes));
    expect(differences.knnAccuracy?.difference).toBe(-0.5);
  });

  it.each([
    ['another number of queries', { labels: Int32Array.of(0, 0, 0, 1) }, /number of queries/],
    ['other classes', { labels: Int32Array.of(1, 1, 0, 0) }, /class of query 0/],
  ])('refuses %s', async (_, changed, message) => {
    const test = { embeddings: Float32Array.from(right), classNames, ...changed };
    const [first, second] = [await figuresOf(right), await figuresOf(right, { test })];
    expect(() => compareQueries(first, second)).toThrow(
      expect.objectContaining({ code: 'queries-differ', message: expect.stringMatching(message) }),
    );
  });

  it('refuses figures at other k', async () => {
    const [first, second] = [await figuresOf(right), await figuresOf(right, { ks: [1, 5] })];
    expect(() => compareQueries(first, second)).toThrow(/expected the same k for both models/);
  });
});
