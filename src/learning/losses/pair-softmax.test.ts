import { describe, expect, it } from 'vitest';
import { keepsLossContract, lossAndGradient, randomBatch } from '../../../test/contracts/loss.js';
import { naivePairSoftmax, naiveSymmetricPairSoftmax } from '../../../test/oracle/losses.js';
import { pairSoftmax } from './pair-softmax.js';

describe('pairSoftmax', () => {
  describe('one way', () =>
    keepsLossContract({
      make: (temperature) => pairSoftmax({ temperature }),
      naive: (temperature) => (batch) => naivePairSoftmax(batch, temperature),
      imagesPerClass: 2,
    }));
  describe('both ways', () =>
    keepsLossContract({
      make: (temperature) => pairSoftmax({ temperature, symmetric: true }),
      naive: (temperature) => (batch) => naiveSymmetricPairSoftmax(batch, temperature),
      imagesPerClass: 2,
    }));

  it('is the logarithm of the number of pairs where all embeddings are equal', async () => {
    const labels = Array.from({ length: 20 }, (_, row) => row % 10);
    const vectors = labels.map(() => [0, 1, 0]);
    const { value } = await lossAndGradient(pairSoftmax({ temperature: 0.2 }), { vectors, labels });
    expect(value).toBeCloseTo(Math.log(10), 6);
  });

  it('tells anchors that find their positives from positives that find their anchors', async () => {
    // Both anchors lie with the first positive: positives find theirs no better than by chance.
    const vectors = [
      [1, 0],
      [0.8, 0.6],
      [1, 0],
      [0, 1],
    ];
    const batch = { vectors, labels: [0, 1, 0, 1] };
    const swapped = { ...batch, vectors: [...vectors.slice(2), ...vectors.slice(0, 2)] };
    const oneWay = pairSoftmax({ temperature: 1 });
    const [there, back, both] = await Promise.all([
      lossAndGradient(oneWay, batch),
      lossAndGradient(oneWay, swapped),
      lossAndGradient(pairSoftmax({ temperature: 1, symmetric: true }), batch),
    ]);
    expect(there.value).not.toBeCloseTo(back.value, 2);
    expect(both.value).toBeCloseTo((there.value + back.value) / 2, 6);
  });

  it('goes by the order of the rows, not by labels', async () => {
    const batch = randomBatch(3, 2);
    const loss = pairSoftmax({ temperature: 0.5 });
    const relabelled = { ...batch, labels: [5, 5, 5, 5, 5, 5] };
    expect(await lossAndGradient(loss, relabelled)).toEqual(await lossAndGradient(loss, batch));
  });
});
