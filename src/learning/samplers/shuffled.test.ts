import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dealtLabels, keepsSamplerContract } from '../../../test/contracts/sampler.js';
import { shuffled } from './shuffled.js';

describe('shuffled', () => {
  keepsSamplerContract(() => shuffled({ batchSize: 7 }), { takesLoneClasses: true });

  it('shows every image once before any again, whatever the size of a batch', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 60 }), fc.integer({ min: 1, max: 40 }), (count, batchSize) => {
        const images = dealtLabels([count, 2]);
        const total = images.labels.length;
        const sampler = shuffled({ batchSize }).prepare(images, 3);
        const seen: number[] = [];
        const passes: number[] = [];
        for (let step = 0; seen.length < 3 * total; step++) {
          const batch = sampler.batch(step);
          seen.push(...batch.indices);
          passes.push(...batch.passes!);
        }
        for (const pass of [0, 1, 2]) {
          expect(new Set(seen.slice(pass * total, (pass + 1) * total)).size).toBe(total);
          expect(new Set(passes.slice(pass * total, (pass + 1) * total))).toEqual(new Set([pass]));
        }
        expect(seen.slice(0, total)).not.toBe(seen.slice(total, 2 * total));
      }),
    );
  });
});
