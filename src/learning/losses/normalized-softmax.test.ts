import { describe, expect, it } from 'vitest';
import {
  type LabelledVectors,
  lossAndGradient,
  lossStream,
  randomBatch,
} from '../../../test/contracts/loss.js';
import { naiveNormalizedSoftmax } from '../../../test/oracle/losses.js';
import { fanInUniform } from '../initializers.js';
import { normalizedSoftmax } from './normalized-softmax.js';

/** The proxies that the loss starts with in these tests. */
function firstProxies(classCount: number, dimension: number): number[][] {
  const shape = [classCount, dimension];
  const flat = fanInUniform({ fanIn: dimension, fanOut: classCount })(shape, lossStream('proxies'));
  return Array.from({ length: classCount }, (_, c) => [...flat.subarray(c * dimension, (c + 1) * dimension)]);
}

const naive = (batch: LabelledVectors, temperature: number, smoothing: number) => {
  const proxies = firstProxies(Math.max(...batch.labels) + 1, batch.vectors[0].length);
  return naiveNormalizedSoftmax(batch, proxies, temperature, smoothing);
};

describe('normalizedSoftmax', () => {
  const cases = [1, 0.2, 0.05, 0.01].flatMap((temperature) =>
    [0, 0.1, 1].map((labelSmoothing) => ({ temperature, labelSmoothing })),
  );
  it.each(cases)('has the value and gradient of its equation, with %j', async (options) => {
    const { temperature, labelSmoothing } = options;
    const batch = randomBatch(6, 2);
    const { value, gradient } = await lossAndGradient(normalizedSoftmax(options), batch);
    expect(Math.abs(value - naive(batch, temperature, labelSmoothing))).toBeLessThan(1e-6 / temperature);
    const step = 1e-6;
    const dimension = batch.vectors[0].length;
    for (const [i, element] of gradient.entries()) {
      const [row, column] = [Math.floor(i / dimension), i % dimension];
      const at = (distance: number) => {
        const vectors = batch.vectors.map((v, r) => (r === row ? v.with(column, v[column] + distance) : v));
        return naive({ ...batch, vectors }, temperature, labelSmoothing);
      };
      expect(Math.abs(element - (at(step) - at(-step)) / (2 * step))).toBeLessThan(1e-5 / temperature);
    }
  });

  it('is 0, with a gradient of 0, where there is but one class', async () => {
    const { value, gradient } = await lossAndGradient(
      normalizedSoftmax({ temperature: 0.1 }),
      randomBatch(1, 3),
    );
    expect(value).toBeCloseTo(0, 6);
    for (const element of gradient) expect(element).toBeCloseTo(0, 6);
  });

  it('describes itself in plain JSON', () => {
    const { name, options } = normalizedSoftmax({ temperature: 0.1 });
    expect({ name, options }).toEqual({
      name: 'normalized-softmax',
      options: { temperature: 0.1, labelSmoothing: 0 },
    });
  });
});
