import { describe, expect, it } from 'vitest';
import { JoinedEmbeddings } from './joined-embeddings.js';

/** Embeds each image of two bytes as their sum and their difference. */
function countingEmbedder() {
  const batches: number[] = [];
  return {
    batches,
    dimension: 2,
    async embed(pixels: Uint8Array): Promise<Float32Array> {
      batches.push(pixels.length / 2);
      await new Promise((resolve) => setImmediate(resolve));
      if (pixels.includes(255)) throw new Error('refused');
      const vectors = new Float32Array(pixels.length);
      for (let i = 0; i < pixels.length; i += 2)
        vectors.set([pixels[i]! + pixels[i + 1]!, pixels[i]! - pixels[i + 1]!], i);
      return vectors;
    },
  };
}

describe('JoinedEmbeddings', () => {
  it('embeds together what comes meanwhile, at most eight, and gives each its own', async () => {
    const embedder = countingEmbedder();
    const joined = new JoinedEmbeddings(embedder);
    const found = await Promise.all(
      Array.from({ length: 12 }, (_, i) => joined.embed(Uint8Array.of(i + 20, i))),
    );
    expect(found.map((vector) => [...vector])).toEqual(
      Array.from({ length: 12 }, (_, i) => [20 + 2 * i, 20]),
    );
    expect(embedder.batches).toEqual([1, 8, 3]);
  });

  it('goes on after a batch that failed', async () => {
    const joined = new JoinedEmbeddings(countingEmbedder());
    await expect(joined.embed(Uint8Array.of(255, 0))).rejects.toThrow('refused');
    expect([...(await joined.embed(Uint8Array.of(3, 1)))]).toEqual([4, 2]);
  });
});
