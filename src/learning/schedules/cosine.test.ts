import { describe, expect, it } from 'vitest';
import { keepsScheduleContract } from '../../../test/contracts/schedule.js';
import { cosine } from './cosine.js';
import type { RiseAndFallOptions } from './rise-and-fall.js';

const rates = (options: RiseAndFallOptions, totalSteps: number) =>
  Array.from({ length: totalSteps }, (_, step) => cosine(options).learningRate(step, totalSteps));

describe('cosine', () => {
  keepsScheduleContract(() => cosine({ peak: 0.3 }), { peak: 0.3 });
  describe.each([0.1, 1])('with a rise that takes %d of the run', (warmUp) =>
    keepsScheduleContract(() => cosine({ peak: 0.3, warmUp, start: 0.2, final: 0.01 }), { peak: 0.3 }),
  );

  it('falls as (1 + cos πt) / 2 does, each step taken at its middle', () => {
    for (const [step, rate] of rates({ peak: 8 }, 5).entries())
      expect(rate).toBeCloseTo(4 * (1 + Math.cos((Math.PI * (step + 0.5)) / 5)), 12);
  });

  it('rises in a straight line first, and ends at its final share of the peak', () => {
    const all = rates({ peak: 8, warmUp: 0.25, start: 0.5, final: 0.1 }, 800);
    for (let step = 0; step < 200; step++) expect(all[step]).toBeCloseTo(4 + 4 * ((step + 0.5) / 200), 12);
    for (let step = 200; step < 800; step++) {
      const fall = (1 + Math.cos((Math.PI * (step - 199.5)) / 600)) / 2;
      expect(all[step]).toBeCloseTo(0.8 + 7.2 * fall, 12);
    }
    expect(all[799]).toBeCloseTo(0.8, 4);
  });

  it('has a mean of half the peak over its fall', () => {
    expect(rates({ peak: 1 }, 1000).reduce((sum, rate) => sum + rate, 0) / 1000).toBeCloseTo(0.5, 6);
  });
});
