import { describe, expect, it } from 'vitest';
import { keepsScheduleContract } from '../../../test/contracts/schedule.js';
import type { RiseAndFallOptions } from './rise-and-fall.js';
import { triangular } from './triangular.js';

const rates = (options: RiseAndFallOptions, totalSteps: number) =>
  Array.from({ length: totalSteps }, (_, step) => triangular(options).learningRate(step, totalSteps));

describe('triangular', () => {
  keepsScheduleContract(() => triangular({ peak: 0.3 }), { peak: 0.3 });
  describe.each([0, 1])('with a rise that takes %d of the run', (warmUp) =>
    keepsScheduleContract(() => triangular({ peak: 0.3, warmUp }), { peak: 0.3 }),
  );

  it('rises and falls in straight lines, each step taken at its middle', () => {
    expect(rates({ peak: 8, warmUp: 0.5 }, 8)).toEqual([1, 3, 5, 7, 7, 5, 3, 1]);
    expect(rates({ peak: 12, warmUp: 0.25 }, 8)).toEqual([3, 9, 11, 9, 7, 5, 3, 1]);
  });

  it('falls only, where no part of the run is for the rise', () => {
    expect(rates({ peak: 8, warmUp: 0 }, 4)).toEqual([7, 5, 3, 1]);
  });

  it('starts and ends at its shares of the peak', () => {
    expect(rates({ peak: 8, warmUp: 0.5, start: 0.5, final: 0.25 }, 8)).toEqual([
      4.5, 5.5, 6.5, 7.5, 7.25, 5.75, 4.25, 2.75,
    ]);
  });

  it('is a warm-up to a constant rate where it ends at its peak', () => {
    expect(rates({ peak: 8, warmUp: 0.5, final: 1 }, 8)).toEqual([1, 3, 5, 7, 8, 8, 8, 8]);
  });

  it('has the same mean whatever the share of the rise: half the peak', () => {
    for (const warmUp of [0, 0.2, 0.5, 0.9]) {
      const all = rates({ peak: 1, warmUp }, 1000);
      expect(all.reduce((sum, rate) => sum + rate, 0) / 1000).toBeCloseTo(0.5, 3);
    }
  });
});
