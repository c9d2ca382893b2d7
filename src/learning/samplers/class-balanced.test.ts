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

  const someClasses = fc.integer({ min: 2, max: 40 });

  it('gives every class its turn before any has another, and none twice in a batch', () => {
    fc.assert(
      fc.property(someClasses, someClasses, (classCount, wanted) => {
        const classesPerBatch = Math.min(wanted, classCount);
        const images = dealtLabels(new Array(classCount).fill(2));
        const sampler = classBalanced({ classesPerBatch: wanted, imagesPerClass: 2 }).prepare(images, 5);
        const batches = Array.from({ length: 3 * classCount }, (_, step) => [
          ...sampler.batch(step).labels.subarray(0, classesPerBatch),
        ]);
        for (const batch of batches) expect(new Set(batch).size).toBe(classesPerBatch);
        const turns = batches.flat();
        for (let pass = 0; pass < 3; pass++) {
          expect(new Set(turns.slice(pass * classCount, (pass + 1) * classCount)).size).toBe(classCount);
        }
      }),
    );
  });

  it('shows every image of a class once before any again', () => {
    const sampler = classBalanced({ classesPerBatch: 3, imagesPerClass: 4 }).prepare(
      dealtLabels([10, 6, 4, 9, 4]),
      2,
    );
    const shown = new Map<number, number[]>();
    for (let step = 0; step < 30; step++) {
      const { indices, labels } = sampler.batch(step);
      for (let position = 0; position < 3; position++) {
        const own = [0, 1, 2, 3].map((k) => indices[k * 3 + position]);
        const label = labels[position];
        shown.set(label, [...(shown.get(label) ?? []), ...own]);
      }
    }
    for (const [label, size] of [10, 6, 4, 9, 4].entries()) {
      const images = shown.get(label)!;
      for (let start = 0; start + size <= images.length; start += size) {
        expect(new Set(images.slice(start, start + size)).size).toBe(size);
      }
    }
  });

  it('has shown every image when its epoch is over, of thousands of classes too', () => {
    for (const [sizes, classesPerBatch] of [
      [[10, 6, 4, 9, 4], 3],
      [[7, 7, 7], 3],
      [Array.from({ length: 3000 }, (_, i) => 2 + (i % 5)), 64],
    ] as const) {
      const images = dealtLabels(sizes);
      const sampler = classBalanced({ classesPerBatch, imagesPerClass: 4 }).prepare(images, 2);
      const seen = new Set<number>();
      for (let step = 0; step < sampler.batchesPerEpoch!; step++)
        for (const index of sampler.batch(step).indices) seen.add(index);
      expect(seen.size).toBe(images.labels.length);
    }
  });

  it('draws anew for each batch where asked to, and promises no epoch', () => {
    const sampler = classBalanced({ imagesPerClass: 2, draws: 'independent' }).prepare(
      dealtLabels([4, 4]),
      1,
    );
    expect(sampler.batchesPerEpoch).toBeUndefined();
    const repeats = Array.from({ length: 40 }, (_, pair) => {
      const images = [2 * pair, 2 * pair + 1].flatMap((step) => [
        sampler.batch(step).indices[0],
        sampler.batch(step).indices[2],
      ]);
      return new Set(images).size;
    });
    // In turn, two batches would show all four images of the class, always.
    expect(new Set(repeats)).toEqual(new Set([2, 3, 4]));
  });

  it('takes all classes where there are fewer than a batch is to have', () => {
    const sampler = classBalanced({ classesPerBatch: 64, imagesPerClass: 4 }).prepare(
      dealtLabels([4, 4, 4]),
      0,
    );
    expect(sampler.batchSize).toBe(12);
  });
});
