import { describe, expect, it } from 'vitest';
import { ImagekinError } from './errors.js';
import { packError, unpackError } from './packed-error.js';

const sent = (thrown: unknown) => unpackError(structuredClone(packError(thrown)));

describe('a packed error', () => {
  it('of ours comes out as it went in: class, code, words, stack and cause', () => {
    const cause = Object.assign(new TypeError('no such file'), { code: 'ENOENT' });
    const error = new ImagekinError('file-not-found', {
      where: 'a.png',
      expected: 'a file',
      got: 'none',
      fix: 'check the path',
      cause,
    });
    const received = sent(error);
    expect(received).toBeInstanceOf(ImagekinError);
    expect(received).toMatchObject({
      name: 'ImagekinError',
      code: 'file-not-found',
      message: 'a.png: expected a file, got none; check the path',
      stack: error.stack,
      cause: { name: 'TypeError', code: 'ENOENT', message: 'no such file' },
    });
  });

  it('of others keeps its name, and is none of ours', () => {
    const reason = AbortSignal.abort().reason;
    const received = sent(reason);
    expect(received).not.toBeInstanceOf(ImagekinError);
    expect(received).toBeInstanceOf(Error);
    expect(received).toMatchObject({ name: 'AbortError', message: reason.message });
  });

  it('is made of things that are no errors, too', () => {
    expect(sent('out of paper')).toMatchObject({ name: 'Error', message: 'out of paper' });
  });
});
