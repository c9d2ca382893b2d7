import { describe, expect, it } from 'vitest';
import { Random } from '../../core/random.js';
import { hashDistance } from '../../image/perceptual-hash.js';
import { nearHashes } from './near-hashes.js';

/** Hashes in clusters, so that there are pairs of every distance. */
function hashes(count: number): Uint32Array {
  const random = Random.of(5, 'hashes');
  const words = Uint32Array.from({ length: 2 * count }, () => random.uint32());
  for (let i = 1; i < count; i++) {
    if (i % 3 === 0) continue;
    words.set(words.subarray(2 * i - 2, 2 * i), 2 * i);
    for (let flip = random.integer(22); flip > 0; flip--)
      words[2 * i + random.integer(2)]! ^= 1 << random.integer(32);
  }
  return words;
}

describe('nearHashes', () => {
  it.each([0, 1, 2, 3, 4, 7, 12, 13, 14, 15, 19])(
    'finds every pair within %i bits, each once, as a plain loop does',
    async (distance) => {
      const words = hashes(300);
      const hash = (i: number): [number, number] => [words[2 * i]!, words[2 * i + 1]!];
      const expected: string[] = [];
      for (let j = 0; j < 300; j++)
        for (let i = 0; i < j; i++) {
          const d = hashDistance(hash(i), hash(j));
          if (d <= distance) expected.push(`${i} ${j} ${d}`);
        }
      const found: string[] = [];
      await nearHashes(words, distance, (i, j, d) => found.push(`${i} ${j} ${d}`));
      expect(expected.length).toBeGreaterThan(3);
      expect(found.sort()).toEqual(expected.sort());
    },
  );

  it('finds nothing among none', async () => {
    await nearHashes(new Uint32Array(0), 15, () => expect.fail());
  });

  it('stops at a signal', async () => {
    const signal = AbortSignal.abort();
    const running = nearHashes(hashes(3000), 3, () => {}, { signal });
    await expect(running).rejects.toThrow(expect.objectContaining({ name: 'AbortError' }));
  });
});
