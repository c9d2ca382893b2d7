import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { readableLines } from './logger.js';

describe('the log in a terminal', () => {
  const written = (write: (logger: pino.Logger) => void) => {
    let text = '';
    write(pino({ base: null }, readableLines({ write: (line) => (text += line) })));
    return text;
  };

  it('has a line for each request', () => {
    const about = { request: 'r1', method: 'GET', path: '/api/v1/collections', status: 200, ms: 12.4 };
    expect(written((logger) => logger.info(about, 'answered'))).toMatch(
      /^\d\d:\d\d:\d\d GET \/api\/v1\/collections 200 12 ms\n$/,
    );
  });

  it('says what is a warning, and of what', () => {
    expect(written((logger) => logger.warn({ address: '::1' }, 'a wrong token'))).toMatch(
      /^\d\d:\d\d:\d\d warning: a wrong token address="::1"\n$/,
    );
  });

  it('shows where an error came from, and in which request', () => {
    const text = written((logger) =>
      logger.error({ request: 'r1', err: new Error('broken') }, 'unexpected error'),
    );
    expect(text).toMatch(/^\d\d:\d\d:\d\d error: unexpected error\nError: broken\n {4}at /);
    expect(text).toContain('(request r1)');
  });

  it('cannot be broken into lines by what was asked', () => {
    const about = { method: 'GET', path: '/a\n12:00:00 GET /fake 200', status: 404, ms: 1 };
    const lines = written((logger) => logger.info(about, 'answered'))
      .trimEnd()
      .split('\n');
    expect(lines).toHaveLength(1);
  });
});
