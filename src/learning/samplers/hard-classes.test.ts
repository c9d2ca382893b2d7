import { describe, expect, it } from 'vitest';
import { dealtLabels, keepsSamplerContract } from '../../../test/contracts/sampler.js';
import { type ConfusedClasses, hardClasses } from './hard-classes.js';

/** Classes 0 and 1, and 2 and 3, are confused; 4 with 0 a little. */
const confusions: ConfusedClasses[] = [
  ['class 0', 'class 1', 5],
  ['class 3', 'class 2', 9],
  ['class 4', 'class 0', 1],
];
const make = (classesPerBatch: number, groupSize = 2) =>
  hardClasses({ classesPerBatch, imagesPerClass: 2, groupSize, confusions });

describe('hardClasses', () => {
  describe('of groups of two', () => keepsSamplerContract(() => make(4)));

  it('puts a class beside those that it is confused with most', () => {
    const sampler = make(2).prepare(dealtLabels([4, 4, 4, 4, 4, 4]), 1);
    const together = new Map<string, number>();
    for (let step = 0; step < 60; step++) {
      const [a, b] = [...sampler.batch(step).labels.subarray(0, 2)].sort();
      together.set(`${a} ${b}`, (together.get(`${a} ${b}`) ?? 0) + 1);
    }
    // Of six heads 0 and 1 lead to their pair, 2 and 3 to theirs, 4 to 0, and 5 to anything.
    expect(together.get('0 1')).toBeGreaterThanOrEqual(20);
    expect(together.get('2 3')).toBeGreaterThanOrEqual(20);
    expect(together.get('0 4')).toBeGreaterThanOrEqual(10);
  });

  it('has every class at the head of a group before any again, and so shows every image in its epoch', () => {
    const images = dealtLabels([6, 3, 5, 2, 4, 9]);
    const sampler = make(4).prepare(images, 3);
    const seen = new Set<number>();
    for (let step = 0; step < sampler.batchesPerEpoch!; step++)
      for (const index of sampler.batch(step).indices) seen.add(index);
    expect(seen.size).toBe(images.labels.length);
  });

  it('takes confusions of both directions together, and leaves out what is not of the training data', () => {
    const withOthers = hardClasses({
      classesPerBatch: 2,
      imagesPerClass: 2,
      groupSize: 2,
      confusions: [
        ['class 0', 'class 1', 3],
        ['class 0', 'class 2', 2],
        ['class 2', 'class 0', 2],
        ['class 0', 'elsewhere', 99],
        ['class 0', 'class 0', 99],
      ],
    }).prepare(dealtLabels([4, 4, 4]), 1);
    const beside = Array.from({ length: 30 }, (_, step) => [...withOthers.batch(step).labels.subarray(0, 2)]);
    for (const [head, other] of beside) if (head === 0) expect(other).toBe(2);
  });

  it('refuses confusions of which it knows no class', () => {
    const plan = hardClasses({ classesPerBatch: 2, imagesPerClass: 2, confusions: [['x', 'y', 1]] });
    expect(() => plan.prepare(dealtLabels([4, 4]), 1)).toThrow(
      expect.objectContaining({ code: 'wrong-usage', message: expect.stringContaining('same class names') }),
    );
  });
});
