import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ImagekinError } from '../../src/core/errors.js';
import type { SampledLabels, SamplerPlan } from '../../src/learning/samplers/sampler.js';

/** Labels of images whose classes have these many images each, dealt round so that no class lies in one piece. */
export function dealtLabels(counts: readonly number[]): SampledLabels {
  const rounds = Array.from({ length: Math.max(0, ...counts) }, (_, round) =>
    counts.flatMap((count, classIndex) => (round < count ? [classIndex] : [])),
  );
  return {
    labels: Int32Array.from(rounds.flat()),
    classNames: counts.map((_, classIndex) => `class ${classIndex}`),
  };
}

/** What every sampler owes the training loop. */
export function keepsSamplerContract(
  make: () => SamplerPlan,
  { takesLoneClasses = false }: { readonly takesLoneClasses?: boolean } = {},
): void {
  const images = dealtLabels([5, 2, 9, 3, 4]);
  const steps = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];

  describe('the contract of samplers', () => {
    it('describes itself in plain JSON', () => {
      const { name, options } = make();
      expect(name).not.toBe('');
      expect(JSON.parse(JSON.stringify(options))).toEqual(options);
    });

    it('gives batches of one size, of images that there are, with their own labels', () => {
      fc.assert(
        fc.property(
          fc.array(fc.integer({ min: 2, max: 6 }), { minLength: 2, maxLength: 12 }),
          fc.nat(),
          fc.nat(10_000),
          (counts, seed, step) => {
            const dealt = dealtLabels(counts);
            const sampler = make().prepare(dealt, seed);
            const { indices, labels } = sampler.batch(step);
            expect(indices.length).toBe(sampler.batchSize);
            expect(labels.length).toBe(sampler.batchSize);
            for (const [row, index] of indices.entries()) expect(labels[row]).toBe(dealt.labels[index]);
          },
        ),
      );
    });

    it('gives the same batch for the same seed and step, in whatever order batches are asked for', () => {
      const forwards = make().prepare(images, 7);
      const inOrder = steps.map((step) => forwards.batch(step));
      const backwards = make().prepare(images, 7);
      const inReverse = steps.toReversed().map((step) => backwards.batch(step));
      expect(inReverse.toReversed()).toEqual(inOrder);
      expect(make().prepare(images, 7).batch(11)).toEqual(inOrder[11]);
      expect(forwards.batch(3)).toEqual(inOrder[3]);
    });

    it('hands out batches that a caller may overwrite', () => {
      const sampler = make().prepare(images, 7);
      const first = sampler.batch(0);
      const kept = structuredClone(first);
      first.indices.fill(0);
      first.labels.fill(0);
      expect(sampler.batch(0)).toEqual(kept);
    });

    it('gives other batches for other steps and other seeds', () => {
      const sampler = make().prepare(images, 7);
      const batches = new Set(steps.map((step) => sampler.batch(step).indices.join()));
      expect(batches.size).toBeGreaterThan(steps.length / 2);
      expect(make().prepare(images, 8).batch(0)).not.toEqual(sampler.batch(0));
    });

    it('shows every image within a number of batches that suits their number', () => {
      const sampler = make().prepare(images, 7);
      const seen = new Set<number>();
      for (let step = 0; step < 300; step++) for (const index of sampler.batch(step).indices) seen.add(index);
      expect(seen.size).toBe(images.labels.length);
    });

    it.skipIf(takesLoneClasses)('refuses a class of one image, and names it', () => {
      const error = errorOf(() => make().prepare(dealtLabels([3, 1, 4]), 0));
      expect(error.code).toBe('too-few-images');
      expect(error.message).toContain("1 image in 'class 1'");
      expect(error.message).not.toContain("'class 0'");
    });

    it.skipIf(takesLoneClasses)('names three of many lone classes and counts the others', () => {
      const { message } = errorOf(() => make().prepare(dealtLabels([3, 1, 1, 1, 1, 1, 4]), 0));
      expect(message).toContain("'class 1', 'class 2', 'class 3' and 2 more classes");
      expect(message).not.toContain('\n');
    });

    it.each([[[6]], [[0, 6, 0]], [[]]])('refuses a single class or none: %j', (counts) => {
      const error = errorOf(() => make().prepare(dealtLabels(counts), 0));
      expect(error.code).toBe('too-few-images');
      expect(error.message).toContain('at least 2 classes');
    });

    it('leaves out classes without an image', () => {
      const sampler = make().prepare(dealtLabels([3, 0, 3, 0]), 0);
      for (const step of steps) expect(new Set(sampler.batch(step).labels)).toEqual(new Set([0, 2]));
    });

    it('takes thousands of classes in its stride', () => {
      const many = dealtLabels(Array.from({ length: 20_000 }, (_, i) => 2 + (i % 4)));
      const started = performance.now();
      const sampler = make().prepare(many, 1);
      for (let step = 0; step < 20; step++) sampler.batch(step);
      expect(performance.now() - started).toBeLessThan(5000);
    });
  });
}

function errorOf(action: () => unknown): ImagekinError {
  try {
    action();
  } catch (error) {
    if (error instanceof ImagekinError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}
