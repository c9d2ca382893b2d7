import { describe, expect, it } from 'vitest';
import { keepsLossContract, lossAndGradient, randomBatch } from '../../../test/contracts/loss.js';
import { naiveSoftNearestNeighbour } from '../../../test/oracle/losses.js';
import { softNearestNeighbour } from './soft-nearest-neighbour.js';

describe('softNearestNeighbour', () => {
  describe.each([2, 4])('with %d images of each class', (imagesPerClass) =>
    keepsLossContract({
      make: (temperature) => softNearestNeighbour({ temperature }),
      naive: (temperature) => (batch) => naiveSoftNearestNeighbour(batch, temperature),
      imagesPerClass,
    }),
  );

  it('is log((B − 1)/(K − 1)) where all embeddings are equal', async () => {
    const labels = [0, 1, 2, 0, 1, 2, 0, 1, 2];
    const vectors = labels.map(() => [0, 0, 1]);
    const { value } = await lossAndGradient(softNearestNeighbour({ temperature: 0.07 }), { vectors, labels });
    expect(value).toBeCloseTo(Math.log(8 / 2), 5);
  });

  it('takes classes of different sizes', async () => {
    const { vectors } = randomBatch(9, 1);
    const batch = { vectors, labels: [0, 1, 0, 2, 2, 1, 2, 2, 2] };
    const { value } = await lossAndGradient(softNearestNeighbour({ temperature: 0.3 }), batch);
    expect(value).toBeCloseTo(naiveSoftNearestNeighbour(batch, 0.3), 5);
  });

  it('gives the same value whatever the order of the rows', async () => {
    const batch = randomBatch(3, 3);
    const order = [4, 0, 8, 2, 6, 1, 7, 3, 5];
    const shuffled = {
      vectors: order.map((row) => batch.vectors[row]),
      labels: order.map((row) => batch.labels[row]),
    };
    const loss = softNearestNeighbour({ temperature: 0.1 });
    const [first, second] = [await lossAndGradient(loss, batch), await lossAndGradient(loss, shuffled)];
    expect(second.value).toBeCloseTo(first.value, 5);
  });

  it('is content with one near kin, however far the others of the class are', async () => {
    const vectors = [
      [1, 0],
      [1, 0],
      [-1, 0],
      [-1, 0],
      [0, 1],
      [0, 1],
    ];
    const { value } = await lossAndGradient(softNearestNeighbour({ temperature: 0.05 }), {
      vectors,
      labels: [0, 0, 0, 0, 1, 1],
    });
    expect(value).toBeCloseTo(0, 6);
  });
});
