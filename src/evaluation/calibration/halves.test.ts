import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitInHalves } from './halves.js';

const labelsOf = (sizes: readonly number[]) =>
  Int32Array.from(sizes.flatMap((size, c) => new Array<number>(size).fill(c)));

describe('splitInHalves', () => {
  it('gives every image to one half', () => {
    const sizes = fc.array(fc.integer({ min: 0, max: 7 }), { maxLength: 60 });
    fc.assert(
      fc.property(sizes, fc.constantFrom('classes', 'images', undefined), (all, by) => {
        const labels = labelsOf(all);
        const { fit, heldOut } = splitInHalves(labels, { by });
        expect([...fit, ...heldOut].sort((a, b) => a - b)).toEqual([...labels.keys()]);
        for (const half of [fit, heldOut]) expect([...half]).toEqual([...half].sort((a, b) => a - b));
      }),
    );
  });

  it('by classes parts no class, and has halves of about one size', () => {
    const labels = labelsOf([100, 90, 3, 3, 3, 3, 2, 2]);
    for (let seed = 0; seed < 10; seed++) {
      const { fit, heldOut } = splitInHalves(labels, { by: 'classes', seed });
      const classes = new Set(fit.map((i) => labels[i]));
      expect(heldOut.some((i) => classes.has(labels[i]))).toBe(false);
      expect(Math.abs(fit.length - heldOut.length)).toBeLessThanOrEqual(12);
    }
  });

  it('by images halves each class', () => {
    const labels = labelsOf([10, 7, 1]);
    const { fit } = splitInHalves(labels, { by: 'images' });
    const counts = [0, 1, 2].map((c) => fit.filter((i) => labels[i] === c).length);
    expect(counts[0]).toBe(5);
    expect([3, 4]).toContain(counts[1]);
  });

  it('goes by classes from forty on', () => {
    expect(splitInHalves(labelsOf(new Array(40).fill(2))).by).toBe('classes');
    expect(splitInHalves(labelsOf(new Array(39).fill(2))).by).toBe('images');
    // Classes of one image have no pair.
    expect(splitInHalves(labelsOf([...new Array(39).fill(2), ...new Array(99).fill(1)])).by).toBe('images');
  });

  it('draws the same halves each time, and others with another seed', () => {
    const labels = labelsOf(new Array(50).fill(4));
    expect(splitInHalves(labels)).toEqual(splitInHalves(labels));
    expect(splitInHalves(labels, { seed: 1 })).not.toEqual(splitInHalves(labels));
  });
});
