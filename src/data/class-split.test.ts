import { describe, expect, it } from 'vitest';
import { tinyImages } from '../../test/fixtures/tiny-images.js';
import { splitClasses } from './class-split.js';

const half = (split: 'train-classes' | 'unseen-classes', classes: number, seed = 0) =>
  splitClasses(tinyImages({ classes, perClass: 3 }), split, { name: `tiny:${split}`, seed });

describe('splitClasses', () => {
  it.each([2, 7, 10])('cuts %d classes into halves that have none in common', (classes) => {
    const [train, unseen] = [half('train-classes', classes), half('unseen-classes', classes)];
    expect(train.classNames).toHaveLength(Math.ceil(classes / 2));
    const all = tinyImages({ classes, perClass: 3 });
    expect([...train.classNames, ...unseen.classNames].sort()).toEqual([...all.classNames].sort());
    expect([train.length, unseen.length]).toEqual([
      3 * train.classNames.length,
      3 * unseen.classNames.length,
    ]);
    expect(train.name).toBe('tiny:train-classes');
  });

  it('leaves every image its class', () => {
    const unseen = half('unseen-classes', 10);
    for (let i = 0; i < unseen.length; i++) {
      const index = Number(unseen.id(i).split('/')[1]);
      expect(unseen.classNames[unseen.labels[i]]).toBe(`class ${index % 10}`);
    }
  });

  it('is the same each time, and another for another seed', () => {
    expect(half('unseen-classes', 10).classNames).toEqual(half('unseen-classes', 10).classNames);
    expect(half('unseen-classes', 10, 1).classNames).not.toEqual(half('unseen-classes', 10).classNames);
  });

  it('leaves classes on their side when others come, but for those at the boundary', () => {
    const before = new Set(half('unseen-classes', 20).classNames);
    const after = new Set(half('unseen-classes', 21).classNames);
    expect([...before].filter((name) => !after.has(name)).length).toBeLessThanOrEqual(1);
  });

  it('refuses a source of one class', () => {
    expect(() => half('unseen-classes', 1)).toThrow(expect.objectContaining({ code: 'too-few-images' }));
  });
});
