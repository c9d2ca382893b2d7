import { describe, expect, it } from 'vitest';
import { positiveNumber, share, wholeNumber, wholeNumbers } from './number-options.js';

describe('a whole number on the command line', () => {
  const parse = wholeNumber('--threads', { least: 1, most: 256 });

  it.each([
    ['1', 1],
    ['256', 256],
    ['+2', 2],
    ['007', 7],
  ])('is taken from %s', (text, value) => {
    expect(parse(text)).toBe(value);
  });

  it.each(['', ' ', 'abc', '1.5', '1e2', '0x10', '0', '-1', '257', 'NaN', '1 2', '٣'])(
    'is refused in "%s"',
    (text) => {
      expect(() => parse(text)).toThrow(
        expect.objectContaining({
          code: 'wrong-usage',
          message: `--threads: expected a whole number from 1 to 256, got "${text}"; write for example --threads 1`,
        }),
      );
    },
  );

  it('names no upper bound where there is none but that of exact integers', () => {
    const seed = wholeNumber('--seed', { least: 0 });
    expect(seed('0')).toBe(0);
    expect(() => seed('9007199254740993')).toThrow('a whole number of at least 0');
  });
});

describe('whole numbers on the command line', () => {
  const parse = wholeNumbers('--ks', { least: 1, example: '1,10' });

  it.each([
    ['1,10,100', [1, 10, 100]],
    ['5', [5]],
    [' 2, 4 ', [2, 4]],
  ])('are taken from "%s"', (text, values) => {
    expect(parse(text)).toEqual(values);
  });

  it.each(['', '1,', '0,1', '1.5', 'a', '1;2', '-1', '9007199254740993'])('are refused in "%s"', (text) => {
    expect(() => parse(text)).toThrow(
      `--ks: expected whole numbers of at least 1, with commas between, got "${text}"; `,
    );
  });
});

describe('a number above zero on the command line', () => {
  const parse = positiveNumber('--learning-rate', '0.001');

  it.each([
    ['0.001', 0.001],
    ['1e-3', 0.001],
    ['1000', 1000],
  ])('is taken from %s', (text, value) => {
    expect(parse(text)).toBe(value);
  });

  it.each(['', '0', '-1', 'NaN', 'Infinity', 'fast'])('is refused in "%s"', (text) => {
    expect(() => parse(text)).toThrow(`--learning-rate: expected a number above 0, got "${text}"; `);
  });
});

describe('a share on the command line', () => {
  const parse = share('--min-probability', '0.9');

  it.each([
    ['0', 0],
    ['1', 1],
    ['.5', 0.5],
    ['9e-1', 0.9],
  ])('is taken from %s', (text, value) => {
    expect(parse(text)).toBe(value);
  });

  it.each(['', ' ', 'half', '1.01', '-0.1', 'NaN', 'Infinity', '90%'])('is refused in "%s"', (text) => {
    expect(() => parse(text)).toThrow(
      expect.objectContaining({
        code: 'wrong-usage',
        message: `--min-probability: expected a number from 0 to 1, got "${text}"; write for example --min-probability 0.9`,
      }),
    );
  });
});
