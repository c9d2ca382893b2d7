import { describe, expect, it } from 'vitest';
import { dealtLabels } from '../../../test/contracts/sampler.js';
import { classBalanced } from './class-balanced.js';
import { coverage } from './coverage.js';
import { shuffled } from './shuffled.js';

describe('coverage', () => {
  it('counts an epoch of a shuffled walk as each image once, but for those that fill the last batch', () => {
    const images = dealtLabels([5, 4, 3]);
    const sampler = shuffled({ batchSize: 4 }).prepare(images, 1);
    expect(coverage(sampler, images)).toEqual({
      batches: 3,
      images: 12,
      imagesSeen: 12,
      timesSeen: { least: 1, median: 1, most: 1 },
      turnsOfClasses: expect.objectContaining({ most: 3 }),
      classesUnseen: [],
    });
  });

  it('shows how much more often images of small classes come', () => {
    const images = dealtLabels([8, 2]);
    const sampler = classBalanced({ imagesPerClass: 2 }).prepare(images, 1);
    expect(coverage(sampler, images)).toMatchObject({
      batches: 4,
      imagesSeen: 10,
      timesSeen: { least: 1, median: 1, most: 4 },
      turnsOfClasses: { least: 4, median: 4, most: 4 },
    });
  });

  it('names classes that were not shown', () => {
    const images = dealtLabels([2, 2, 2]);
    const sampler = classBalanced({ classesPerBatch: 2, imagesPerClass: 2 }).prepare(images, 1);
    const { classesUnseen, imagesSeen, turnsOfClasses } = coverage(sampler, images, 1);
    expect(classesUnseen).toHaveLength(1);
    expect(imagesSeen).toBe(4);
    expect(turnsOfClasses).toEqual({ least: 0, median: 1, most: 1 });
  });
});
