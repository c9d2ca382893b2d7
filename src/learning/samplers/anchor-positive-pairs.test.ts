import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dealtLabels, keepsSamplerContract } from '../../../test/contracts/sampler.js';
import { anchorPositivePairs } from './anchor-positive-pairs.js';

describe('anchorPositivePairs', () => {
  describe('of all classes', () => keepsSamplerContract(() => anchorPositivePairs()));
  describe('of some classes', () => keepsSamplerContract(() => anchorPositivePairs({ classesPerBatch: 2 })));

  it('gives each class one anchor and one other image of the class as its positive', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 2, max: 5 }), { minLength: 2, maxLength: 9 }),
        fc.option(fc.integer({ min: 1, max: 12 }), { nil: undefined }),
        fc.nat(1000),
        (counts, classesPerBatch, step) => {
          const images = dealtLabels(counts);
          const { indices, labels } = anchorPositivePairs({ classesPerBatch }).prepare(images, 3).batch(step);
          const pairs = Math.min(classesPerBatch ?? Number.POSITIVE_INFINITY, counts.length);
          expect(indices.length).toBe(2 * pairs);
          expect(new Set(labels.subarray(0, pairs)).size).toBe(pairs);
          for (let pair = 0; pair < pairs; pair++) {
            expect(indices[pairs + pair]).not.toBe(indices[pair]);
            expect(labels[pairs + pair]).toBe(labels[pair]);
          }
        },
      ),
    );
  });

  it('draws each of the other images as the positive equally often', () => {
    const sampler = anchorPositivePairs().prepare(dealtLabels([4, 4]), 1);
    const counts = new Map<string, number>();
    const steps = 6000;
    for (let step = 0; step < steps; step++) {
      const { indices } = sampler.batch(step);
      const pair = `${indices[0]} ${indices[2]}`;
      counts.set(pair, (counts.get(pair) ?? 0) + 1);
    }
    // 12 ordered pairs of 4 images; the deviation of a count is √(6000 · 1/12 · 11/12) = 21.
    expect(counts.size).toBe(12);
    for (const count of counts.values()) expect(Math.abs(count - steps / 12)).toBeLessThan(5 * 21);
  });

  it('says in its description how many classes a batch has, and how they are drawn', () => {
    expect(anchorPositivePairs().options).toEqual({ classesPerBatch: 'all', draws: 'independent' });
    expect(anchorPositivePairs({ classesPerBatch: 8, draws: 'in-turn' }).options).toEqual({
      classesPerBatch: 8,
      draws: 'in-turn',
    });
  });
});
