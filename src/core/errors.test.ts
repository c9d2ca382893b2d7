import { describe, expect, it } from 'vitest';
import { errorCodes, ImagekinError, messageOf } from './errors.js';

describe('ImagekinError', () => {
  const parts = { where: '--k', expected: 'a whole number', got: "'ten'", fix: 'write digits' };

  it('says in one line where it happened, what was expected, what came and what to do', () => {
    const error = new ImagekinError('wrong-usage', parts);
    expect(error.message).toBe("--k: expected a whole number, got 'ten'; write digits");
    expect(error.code).toBe('wrong-usage');
    expect(error.name).toBe('ImagekinError');
    expect(error).toBeInstanceOf(Error);
  });
  it('carries its cause, where there is one', () => {
    const cause = new Error('below');
    expect(new ImagekinError('wrong-usage', { ...parts, cause }).cause).toBe(cause);
    expect('cause' in new ImagekinError('wrong-usage', parts)).toBe(false);
  });
});

describe('errorCodes', () => {
  it('are in kebab-case, each explained in a phrase of its own', () => {
    for (const code of Object.keys(errorCodes)) expect(code).toMatch(/^[a-z]+(-[a-z]+)*$/);
    expect(new Set(Object.values(errorCodes)).size).toBe(Object.keys(errorCodes).length);
  });
});

describe('messageOf', () => {
  it('is the text of anything thrown, on one line', () => {
    expect(messageOf(new Error('first\n   second\n'))).toBe('first second');
    expect(messageOf('plain')).toBe('plain');
    expect(messageOf(undefined)).toBe('undefined');
  });
});
