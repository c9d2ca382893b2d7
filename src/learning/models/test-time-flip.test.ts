import { describe, expect, it } from 'vitest';
import { embeddingOf } from '../../../test/fixtures/embedding-of.js';
import { Random } from '../../core/random.js';
import { buildEmbeddingGraph } from '../embedding-graph.js';
import { convNet } from './conv-net.js';
import { testTimeFlip } from './test-time-flip.js';

const plain = convNet({
  inputSize: { width: 6, height: 5 },
  dimension: 4,
  layers: [{ width: 3, stride: 1 }],
});

describe('testTimeFlip', () => {
  const random = Random.of(1, 'pixels');
  const pixels = Array.from({ length: 90 }, () => random.integer(256));
  const mirrored = pixels.map((_, i) => {
    const [row, column, channel] = [Math.floor(i / 18), Math.floor(i / 3) % 6, i % 3];
    return pixels[row * 18 + (5 - column) * 3 + channel];
  });

  it('embeds an image and its mirror image alike', async () => {
    const there = await embeddingOf(testTimeFlip(plain), pixels);
    const back = await embeddingOf(testTimeFlip(plain), mirrored);
    for (const [i, value] of there.entries()) expect(back[i]).toBeCloseTo(value, 6);
  });

  it('takes the direction of the mean of both embeddings', async () => {
    const both = [await embeddingOf(plain, pixels), await embeddingOf(plain, mirrored)];
    const sum = both[0].map((value, i) => value + both[1][i]);
    const norm = Math.hypot(...sum);
    const flipped = await embeddingOf(testTimeFlip(plain), pixels);
    for (const [i, value] of flipped.entries()) expect(value).toBeCloseTo(sum[i] / norm, 5);
  });

  it('leaves training as it is', () => {
    const built = [plain, testTimeFlip(plain)].map((network) =>
      buildEmbeddingGraph(network, { training: true, batchSize: 2 }),
    );
    expect(built[1].parameters.layout).toEqual(built[0].parameters.layout);
  });
});
