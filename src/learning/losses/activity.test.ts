import { describe, expect, it } from 'vitest';
import { BatchGraph } from '../../../test/fixtures/embedded-batch.js';
import type { Tensor } from '../../engine/index.js';
import { batchAll, multiSimilarityMiner } from '../miners/index.js';
import { contrastive, type Loss, multiSimilarity, triplet } from './index.js';

/** What a loss reports of two classes, two images of each: one class together, the other at right angles. */
async function reported(loss: Loss): Promise<Record<string, number>> {
  const graph = new BatchGraph({
    vectors: [
      [1, 0, 0],
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ],
    labels: [0, 0, 1, 1],
    classCount: 2,
  });
  const figures: [string, Tensor][] = [];
  loss.build({ ...graph.batch, report: (name, scalar) => void figures.push([name, scalar]) });
  const values = await graph.evaluate(figures.map(([, scalar]) => scalar));
  return Object.fromEntries(figures.map(([name], i) => [name, values[i]![0]!]));
}

describe('the share of a batch that a loss still learns from', () => {
  it('is that of the triplets below the margin', async () => {
    // Anchors of the first class have what they want; those of the second have both others as near as their own.
    const loss = triplet({ margin: 0.2, distance: 'cosine', miner: batchAll() });
    expect(await reported(loss)).toEqual({ activeTriplets: 0.5 });
  });

  it('is that of the pairs on the wrong side of their margins', async () => {
    expect(await reported(contrastive({ negativeMargin: 0.5 }))).toEqual({
      activePositives: 0.5,
      activeNegatives: 0,
    });
  });

  it('is that of the pairs which a miner keeps', async () => {
    const loss = multiSimilarity({ miner: multiSimilarityMiner({ epsilon: 0.1 }) });
    expect(await reported(loss)).toEqual({ activePositives: 0.5, activeNegatives: 0.5 });
  });
});
