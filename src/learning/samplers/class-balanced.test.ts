import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dealtLabels, keepsSamplerContract } from '../../../test/contracts/sampler.js';
import { classBalanced } from './class-balanced.js';

describe('classBalanced', () => {
  describe('of all classes', () => keepsSamplerContract(() => classBalanced({ imagesPerClass: 3 })));
  describe('of some classes', () =>
    keepsSamplerContract(() => classBalanced({ classesPerBatch: 2, imagesPerClass: 4 })));

  it('gives rows image by image: one of each class, then another of each in the same order', () => {
    const sampler = classBalanced({ classesPerBatch: 3, imagesPerClass: 4 }).prepare(
      dealtLabels([9, 9, 9, 9, 9]),
      2,
    );
    for (let step = 0; step < 20; step++) {
      const { indices, labels } = sampler.batch(step);
      const first = [...labels.subarray(0, 3)];
      expect(new Set(first).size).toBe(3);
      expect([...labels]).toEqual([...first, ...first, ...first, ...first]);
      expect(new Set(indices).size).toBe(12);
    }
  });

  it('repeats the images of a class that has too few, each as evenly as the number allows', () => {
    const sampler = classBalanced({ imagesPerClass: 5 }).prepare(dealtLabels([2, 8]), 2);
    const { indices, labels } = sampler.batch(0);
    const ofFirst = [...indices].filter((_, row) => labels[row] === 0);
    const times = [...new Set(ofFirst)].map((index) => ofFirst.filter((other) => other === index).length);
    expect(times.sort()).toEqual([2, 3]);
    expect(new Set([...indices].filter((_, row) => labels[row] === 1)).size).toBe(5);
  });

  it('walks through every class once before any comes again', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 40 }),
        fc.integer({ min: 1, max: 40 }),
        fc.nat(50),
        (classCount, wanted, pass) => {
          const classesPerBatch = Math.min(wanted, classCount);
          const images = dealtLabels(new Array(classCount).fill(2));
          const sampler = classBalanced({ classesPerBatch: wanted, imagesPerClass: 2 }).prepare(images, 5);
          const batchesPerPass = Math.floor(classCount / classesPerBatch);
          const seen = Array.from({ length: batchesPerPass }, (_, i) =>
            [...sampler.batch(pass * batchesPerPass + i).labels].slice(0, classesPerBatch),
          ).flat();
          expect(new Set(seen).size).toBe(seen.length);
          expect(seen.length).toBeGreaterThan(classCount - classesPerBatch);
        },
      ),
    );
  });

  it('gives each class its turn in the long run, those left over by one walk included', () => {
    const sampler = classBalanced({ classesPerBatch: 3, imagesPerClass: 2 }).prepare(
      dealtLabels([2, 2, 2, 2, 2, 2, 2]),
      1,
    );
    const turns = new Array(7).fill(0);
    const steps = 1400;
    for (let step = 0; step < steps; step++)
      for (const label of sampler.batch(step).labels.subarray(0, 3)) turns[label]++;
    // 700 walks, in each of which a class stands a chance of 6/7: deviation √(700 · 6/49) = 9.3.
    for (const count of turns) expect(Math.abs(count - 600)).toBeLessThan(5 * 9.3);
  });

  it('takes all classes where there are fewer than a batch is to have', () => {
    const sampler = classBalanced({ classesPerBatch: 64, imagesPerClass: 4 }).prepare(
      dealtLabels([4, 4, 4]),
      0,
    );
    expect(sampler.batchSize).toBe(12);
  });
});
