import { describe, expect, it } from 'vitest';
import { keepsLabelledImagesContract } from '../../test/contracts/labelled-images.js';
import { InMemoryImages } from './in-memory-images.js';
import { classCounts, shareClasses } from './labelled-images.js';
import { selectClasses, subset } from './subset.js';

const size = { width: 2, height: 1 };
const classNames = ['a', 'b', 'c'];
/** Six images of the classes a b c a b c; each pixel has the value of the image's index. */
const six = new InMemoryImages({
  name: 'six',
  classNames,
  labels: Int32Array.of(0, 1, 2, 0, 1, 2),
  fingerprint: 'f'.repeat(64),
  nativeSize: size,
  data: Uint8Array.from({ length: 36 }, (_, at) => Math.floor(at / 6)),
  id: (index) => `six/${index}`,
});

describe('subset', () => {
  keepsLabelledImagesContract(async () => subset(six, [5, 0, 2], 'three'));

  it('shows the chosen images in the chosen order, with the meaning of class indices unchanged', async () => {
    const three = subset(six, [5, 0, 2], 'three');
    expect(three.name).toBe('three');
    expect([...three.labels]).toEqual([2, 0, 2]);
    expect(three.id(0)).toBe('six/5');
    expect((await three.pixels([0, 1], size)).filter((_, at) => at % 6 === 0)).toEqual(Uint8Array.of(5, 0));
    expect(shareClasses(three, six)).toBe(true);
    expect([...classCounts(three)]).toEqual([1, 0, 2]);
  });

  it('has a fingerprint of its own for every choice and order', () => {
    const prints = [[0, 1], [1, 0], [3, 1], [0, 2], [0]].map(
      (indices) => subset(six, indices, 'x').fingerprint,
    );
    expect(new Set([...prints, six.fingerprint]).size).toBe(6);
    expect(subset(six, [0, 1], 'another name').fingerprint).toBe(prints[0]);
  });
});

describe('selectClasses', () => {
  keepsLabelledImagesContract(async () => selectClasses(six, [2, 1], 'two'));

  it('keeps the images of the chosen classes and numbers these anew', async () => {
    const two = selectClasses(six, [2, 1], 'two');
    expect(two.classNames).toEqual(['c', 'b']);
    expect([...two.labels]).toEqual([1, 0, 1, 0]);
    expect(Array.from({ length: 4 }, (_, index) => two.id(index))).toEqual([
      'six/1',
      'six/2',
      'six/4',
      'six/5',
    ]);
    expect(shareClasses(two, six)).toBe(false);
  });
});
