import { describe, expect, it } from 'vitest';
import { errorCodes, ImagekinError } from '../core/errors.js';
import { exitCodeOf } from './exit-codes.js';
import { Interrupted } from './interruption.js';
import { reportOf } from './report-error.js';

describe('what is said of an error', () => {
  it('is its own line, with the exit code of its code', () => {
    const error = new ImagekinError('unknown-source', {
      where: 'source',
      expected: 'cifar10',
      got: '"cifar11"',
      fix: 'check the spelling',
    });
    expect(reportOf(error)).toEqual({
      code: 'unknown-source',
      message: 'source: expected cifar10, got "cifar11"; check the spelling',
      exitCode: 2,
    });
  });

  it('stays one line where a library speaks in several', () => {
    const { message } = reportOf(new Error('one\n  two\n three'));
    expect(message).toContain('one two three');
    expect(message).not.toContain('\n');
  });

  it('owns up to a bug where the error was not foreseen', () => {
    expect(reportOf(new TypeError('x is not a function'))).toEqual({
      code: 'unexpected',
      message:
        'imagekin: unexpected: x is not a function; this is a bug, run again with IMAGEKIN_DEBUG=1 to see where',
      exitCode: 1,
    });
  });

  it('is 130 for an interruption, as shells have it', () => {
    expect(reportOf(new Interrupted())).toMatchObject({ code: 'interrupted', exitCode: 130 });
  });

  it('is an exit code of 1 or 2 for every code of the catalogue', () => {
    expect(Object.keys(exitCodeOf).sort()).toEqual(Object.keys(errorCodes).sort());
    for (const code of Object.values(exitCodeOf)) expect([1, 2]).toContain(code);
  });
});
