import { describe, expect, it } from 'vitest';
import { embeddingOf } from '../../../test/fixtures/embedding-of.js';
import { Random } from '../../core/random.js';
import { shiftedCopy } from '../../image/shifted-copy.js';
import { buildEmbeddingGraph } from '../embedding-graph.js';
import { convNet } from './conv-net.js';
import { testTimeShift } from './test-time-shift.js';

const size = { width: 6, height: 5 };
const plain = convNet({ inputSize: size, dimension: 4, layers: [{ width: 3, stride: 1 }] });

describe('testTimeShift', () => {
  const random = Random.of(1, 'pixels');
  const pixels = Uint8Array.from({ length: 90 }, () => random.integer(256));

  it('takes the direction of the mean of the embeddings of the image and its shifted copies', async () => {
    const views = [0, 2, -2].map((by) => {
      const copy = new Uint8Array(90);
      shiftedCopy(pixels, 0, copy, 0, size, { mirrored: false, shiftX: by, shiftY: by }, 'reflect');
      return copy;
    });
    const embeddings = await Promise.all(views.map((view) => embeddingOf(plain, view)));
    const sum = embeddings[0].map((_, d) => embeddings.reduce((total, e) => total + e[d], 0));
    const shifted = await embeddingOf(testTimeShift(plain, { pixels: 2 }), pixels);
    for (const [d, value] of shifted.entries()) expect(value).toBeCloseTo(sum[d] / Math.hypot(...sum), 5);
  });

  it('leaves training as it is', () => {
    const built = [plain, testTimeShift(plain, { pixels: 1 })].map((network) =>
      buildEmbeddingGraph(network, { training: true, batchSize: 2 }),
    );
    expect(built[1].parameters.layout).toEqual(built[0].parameters.layout);
  });

  it('says how far it shifts', () => {
    expect(testTimeShift(plain, { pixels: 3 }).options).toMatchObject({ testTimeShift: 3 });
  });
});
