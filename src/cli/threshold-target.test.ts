import { describe, expect, it } from 'vitest';
import { thresholdTarget } from './threshold-target.js';

describe('thresholdTarget', () => {
  it.each([
    ['precision=0.9', { figure: 'precision', value: 0.9 }],
    ['recall=1', { figure: 'recall', value: 1 }],
    ['false-match-rate=1e-3', { figure: 'falseMatchRate', value: 0.001 }],
  ])('reads %s', (text, target) => {
    expect(thresholdTarget(text)).toEqual(target);
  });

  it.each([
    '0.9',
    'precision',
    'precision=',
    'precision=1.1',
    'precision=-1',
    'recall=half',
    'f1=0.5',
    'toString=1',
  ])('refuses %s', (text) => {
    expect(() => thresholdTarget(text)).toThrow(
      expect.objectContaining({
        code: 'wrong-usage',
        message: expect.stringMatching(/^--target: expected precision, recall, false-match-rate, .*; write/),
      }),
    );
  });
});
