import { describe, expect, it } from 'vitest';
import { keepsScheduleContract } from '../../../test/contracts/schedule.js';
import { constantRate } from './constant-rate.js';

describe('constantRate', () => {
  keepsScheduleContract(() => constantRate(1e-3), { peak: 1e-3 });

  it('gives the same rate from the first step to the last', () => {
    const { learningRate } = constantRate(0.02);
    expect([0, 1, 50, 99].map((step) => learningRate(step, 100))).toEqual([0.02, 0.02, 0.02, 0.02]);
  });
});
