import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Schedule } from '../../src/learning/schedules/schedule.js';

/** What every learning rate schedule owes a training run. `peak` is the highest rate it may give. */
export function keepsScheduleContract(make: () => Schedule, { peak }: { readonly peak: number }): void {
  describe('the contract of schedules', () => {
    it('describes itself in plain JSON', () => {
      const { name, options } = make();
      expect(name).not.toBe('');
      expect(JSON.parse(JSON.stringify(options))).toEqual(options);
    });

    it('gives a rate above 0 and at most its peak for every step of a run of any length', () => {
      fc.assert(
        fc.property(fc.integer({ min: 1, max: 1_000_000 }), fc.nat(), (totalSteps, draw) => {
          const rate = make().learningRate(draw % totalSteps, totalSteps);
          expect(rate).toBeGreaterThan(0);
          expect(rate).toBeLessThanOrEqual(peak);
        }),
      );
    });

    it('gives a rate by the step alone, whatever was asked before', () => {
      const schedule = make();
      const forwards = [0, 1, 2, 3, 4].map((step) => schedule.learningRate(step, 5));
      const backwards = [4, 3, 2, 1, 0].map((step) => schedule.learningRate(step, 5));
      expect(backwards.reverse()).toEqual(forwards);
    });
  });
}
