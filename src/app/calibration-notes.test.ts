import { describe, expect, it } from 'vitest';
import type { StoredCalibration } from '../evaluation/calibration/index.js';
import { calibrationNotes } from './calibration-notes.js';

/** The notes of a calibration of which only this is known. */
function notesOf(figure: string, value: number, precision: number): string[] {
  const calibration = {
    source: { name: 'shoes:test', classes: 5, seenClasses: 0, isTrainingData: false },
    thresholds: [{ target: { figure, value }, score: null }],
    highestPrecision: { score: 0.91, precision },
  };
  return calibrationNotes(calibration as unknown as StoredCalibration).notes;
}

describe('calibrationNotes', () => {
  it('tells a precision that nothing reaches from one that too few images are sure of', () => {
    expect(notesOf('precision', 0.9, 0.8264)).toEqual([
      'no score reaches a precision of 0.9 on these images; the highest is 0.826, from score 0.9100 on',
    ]);
    expect(notesOf('precision', 0.9, 0.95)).toEqual([
      'too few images to be sure of a precision of 0.9; the highest is 0.950, from score 0.9100 on, give or take',
    ]);
    expect(notesOf('falseMatchRate', 0.001, 0.95)).toEqual([
      'too few images to be sure of a false match rate of 0.001',
    ]);
  });
});
