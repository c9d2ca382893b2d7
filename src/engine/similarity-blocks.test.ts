import { describe, expect, it } from 'vitest';
import { Random } from '../core/random.js';
import { type SimilarityBlock, similarityBlocks } from './similarity-blocks.js';

const dimension = 3;

async function blocksOf(queries: Float32Array, gallery: Float32Array): Promise<SimilarityBlock[]> {
  const blocks: SimilarityBlock[] = [];
  for await (const block of similarityBlocks({ queries, gallery, dimension, threads: 1 })) blocks.push(block);
  return blocks;
}

function vectors(count: number, seed: number): Float32Array {
  const random = Random.of(seed);
  return Float32Array.from({ length: count * dimension }, () => random.integer(9) - 4);
}

describe('similarityBlocks', () => {
  it('gives the dot product of every query with every vector, block after block', async () => {
    const [queries, gallery] = [vectors(300, 1), vectors(7, 2)];
    const blocks = await blocksOf(queries, gallery);
    expect(blocks.length).toBeGreaterThan(1);
    let next = 0;
    for (const { firstQuery, queryCount, scores } of blocks) {
      expect(firstQuery).toBe(next);
      expect(scores).toHaveLength(queryCount * 7);
      scores.forEach((score, at) => {
        const query = firstQuery + Math.floor(at / 7);
        let dot = 0;
        for (let i = 0; i < dimension; i++)
          dot += queries[query * dimension + i] * gallery[(at % 7) * dimension + i];
        expect(score).toBe(dot);
      });
      next += queryCount;
    }
    expect(next).toBe(300);
  });

  it('gives nothing for no query', async () => {
    expect(await blocksOf(new Float32Array(), vectors(7, 2))).toEqual([]);
  });

  it('stops between blocks when told to', async () => {
    const request = { queries: vectors(300, 1), gallery: vectors(7, 2), dimension, threads: 1 };
    const stopped = async () => {
      for await (const _ of similarityBlocks({ ...request, signal: AbortSignal.abort() })) break;
    };
    await expect(stopped()).rejects.toThrow(/abort/i);
  });
});
