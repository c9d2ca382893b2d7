import { describe, expect, it } from 'vitest';
import { ImagekinError } from '../core/errors.js';
import { type BatchEmbedder, embedStream, type Outcome } from './embed-stream.js';
import type { LoadedImage } from './loaded-image.js';

const model = { inputSize: { width: 400, height: 250 } };
const pixels = (level: number) => ({ pixels: Uint8Array.of(level) });

function damaged(item: number): ImagekinError {
  const what = { where: `${item}.jpg`, expected: 'an image', got: 'none', fix: 'leave it out' };
  return new ImagekinError('image-undecodable', what);
}

/** Files whose bytes are odd it cannot decode. */
function runner(calls: (readonly LoadedImage[])[]): BatchEmbedder {
  return {
    atOnce: 2,
    async embed(images) {
      calls.push(images);
      return images.map((image) => {
        if ('pixels' in image) return { vector: Float32Array.of(image.pixels[0]!, 1) };
        const [level] = image.jpeg;
        return level! % 2 === 0 ? { vector: Float32Array.of(level!, 2) } : undefined;
      });
    },
  };
}

async function embedded(count: number, load: (item: number) => Promise<LoadedImage>) {
  const calls: (readonly LoadedImage[])[] = [];
  const items = Array.from({ length: count }, (_, i) => i);
  const outcomes: Outcome<number>[] = [];
  const vectors: number[][] = [];
  for await (const batch of embedStream(model, items, { load, loadsAtOnce: 2, runner: runner(calls) })) {
    outcomes.push(...batch.outcomes);
    for (let at = 0; at < batch.embeddings.length; at += 2)
      vectors.push([...batch.embeddings.subarray(at, at + 2)]);
  }
  return { calls, outcomes, vectors };
}

describe('embedStream', () => {
  it('has what the runner cannot decode decoded, and keeps the order', async () => {
    const load = async (item: number): Promise<LoadedImage> => {
      if (item % 5 === 4) throw damaged(item);
      if (item % 5 === 0) return pixels(item);
      return { jpeg: Uint8Array.of(item), decode: async () => pixels(item) };
    };
    const { outcomes, vectors } = await embedded(23, load);
    expect(outcomes.map(({ item }) => item)).toEqual(Array.from({ length: 23 }, (_, i) => i));
    const sound = outcomes.flatMap((outcome) => ('error' in outcome ? [] : [outcome.item]));
    expect(sound).toEqual(Array.from({ length: 23 }, (_, i) => i).filter((i) => i % 5 !== 4));
    const byRunner = (item: number) => item % 5 !== 0 && item % 2 === 0;
    expect(vectors).toEqual(sound.map((item) => [item, byRunner(item) ? 2 : 1]));
  });

  it('tells of each file that nothing can decode what is wrong with it', async () => {
    const load = async (item: number): Promise<LoadedImage> => ({
      jpeg: Uint8Array.of(1),
      decode: () => Promise.reject(damaged(item)),
    });
    const { outcomes, vectors, calls } = await embedded(9, load);
    expect(outcomes.map((outcome) => 'error' in outcome && outcome.error.message)).toEqual(
      Array.from({ length: 9 }, (_, item) => expect.stringContaining(`${item}.jpg`)),
    );
    expect(vectors).toEqual([]);
    // Not once more for nothing.
    expect(calls.every((images) => images.length > 0)).toBe(true);
  });

  it('ends by any other error', async () => {
    const load = async (): Promise<LoadedImage> => ({
      jpeg: Uint8Array.of(1),
      decode: () => Promise.reject(new Error('the pool is gone')),
    });
    await expect(embedded(9, load)).rejects.toThrow('the pool is gone');
  });
});
