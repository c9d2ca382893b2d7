import { describe, expect, it } from 'vitest';
import { readCalibration } from './stored-calibration.js';

const knots = (list: readonly unknown[]) => ({ format: 1, map: { method: 'isotonic', knots: list } });

describe('readCalibration', () => {
  it.each([
    [
      'an isotonic map',
      knots([
        [0.1, 0.2],
        [0.5, 0.2],
        [0.6, 1],
      ]),
    ],
    ['a logistic map', { format: 1, map: { method: 'logistic', slope: 3, intercept: -1 } }],
  ])('takes %s', (_, value) => {
    expect(readCalibration(value, 'some.onnx')).toBe(value);
  });

  it.each([
    ['nothing', null],
    ['a text', 'isotonic'],
    ['no format', { map: { method: 'logistic', slope: 3, intercept: -1 } }],
    ['no map', { format: 1 }],
    ['another method', { format: 1, map: { method: 'beta' } }],
    ['no knots', knots([])],
    [
      'falling probabilities',
      knots([
        [0.1, 0.5],
        [0.2, 0.4],
      ]),
    ],
    [
      'falling scores',
      knots([
        [0.2, 0.4],
        [0.1, 0.5],
      ]),
    ],
    [
      'equal scores',
      knots([
        [0.2, 0.4],
        [0.2, 0.5],
      ]),
    ],
    ['more than certainty', knots([[0.2, 1.4]])],
    ['a probability below zero', knots([[0.2, -0.1]])],
    ['a knot of one number', knots([[0.2]])],
    ['a knot that is none', knots([[0.2, null]])],
    ['a falling curve', { format: 1, map: { method: 'logistic', slope: -3, intercept: -1 } }],
    ['a slope that is none', { format: 1, map: { method: 'logistic', slope: null, intercept: -1 } }],
  ])('refuses %s', (_, value) => {
    expect(() => readCalibration(value, 'some.onnx')).toThrow(
      expect.objectContaining({
        code: 'model-damaged',
        message: expect.stringMatching(/^some\.onnx: expected a calibration/),
      }),
    );
  });

  it('refuses a later format and names the way out', () => {
    expect(() => readCalibration({ format: 2 }, 'some.onnx')).toThrow(
      expect.objectContaining({
        code: 'model-foreign',
        message: expect.stringMatching(/format 2; update imagekin/),
      }),
    );
  });
});
