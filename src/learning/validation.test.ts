import { describe, expect, it } from 'vitest';
import { bestOf, isValidationDue, shouldStopEarly, type ValidationRecord } from './validation.js';

const records = (values: readonly number[]): ValidationRecord[] =>
  values.map((value, i) => ({
    step: i + 1,
    epoch: i + 1,
    metric: 'mapAtR',
    value,
    statistics: {},
    seconds: 0,
  }));

describe('isValidationDue', () => {
  const run = { batchesPerEpoch: 4, totalSteps: 14 };
  const dueSteps = (every: Parameters<typeof isValidationDue>[1]) =>
    Array.from({ length: 15 }, (_, step) => step).filter((step) => isValidationDue(step, every, run));

  it('is at the end of every nth epoch, and after the last step', () => {
    expect(dueSteps({ epochs: 1 })).toEqual([4, 8, 12, 14]);
    expect(dueSteps({ epochs: 2 })).toEqual([8, 14]);
  });

  it('is after every nth step, and after the last', () => {
    expect(dueSteps({ steps: 5 })).toEqual([5, 10, 14]);
    expect(dueSteps({ steps: 100 })).toEqual([14]);
  });
});

describe('bestOf', () => {
  it('is the largest, the first of equal ones, and none of none', () => {
    expect(bestOf(records([0.1, 0.4, 0.2, 0.4]))?.step).toBe(2);
    expect(bestOf([])).toBeUndefined();
  });
});

describe('shouldStopEarly', () => {
  /** The validation at which a run with these values stops, from 1; 0 where it never does. */
  const stopsAt = (values: readonly number[], patience: number, minDelta?: number) =>
    values.findIndex((_, i) => shouldStopEarly(records(values.slice(0, i + 1)), { patience, minDelta })) + 1;

  it('waits for as many validations without an improvement as it has patience', () => {
    const values = [0.1, 0.3, 0.2, 0.25, 0.1, 0.1];
    expect(stopsAt(values, 1)).toBe(3);
    expect(stopsAt(values, 2)).toBe(4);
    expect(stopsAt(values, 4)).toBe(6);
    expect(stopsAt(values, 5)).toBe(0);
  });

  it('counts anew after an improvement, and an equal value is none', () => {
    expect(stopsAt([0.1, 0.1, 0.2, 0.2, 0.3, 0.3], 2)).toBe(0);
    expect(stopsAt([0.1, 0.1, 0.1], 2)).toBe(3);
  });

  it('takes small steps up for an improvement once they have come to the minimum together', () => {
    // Neither 0.12 nor 0.14 is far enough above the last improvement, but 0.13 and 0.16 are.
    expect(stopsAt([0.1, 0.12, 0.13, 0.14, 0.16], 2, 0.025)).toBe(0);
    expect(stopsAt([0.1, 0.11, 0.12, 0.13], 2, 0.025)).toBe(3);
  });

  it('does not stop for a run that has not been validated', () => {
    expect(shouldStopEarly([], { patience: 1 })).toBe(false);
  });
});
