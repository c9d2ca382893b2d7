import { createReadStream, fstatSync } from 'node:fs';
import { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { isatty } from 'node:tty';
import { ImagekinError } from '../../core/errors.js';

/**
 * Standard input, in whatever thread.
 * @throws `wrong-usage` where that is a terminal; `fix` says what to do
 */
export function stdinStream(fix: string): Readable {
  if (isatty(0))
    throw new ImagekinError('wrong-usage', {
      where: '-',
      expected: 'paths of images on standard input',
      got: 'a terminal',
      fix,
    });
  // By its number, since process.stdin is not that of the process in a worker thread. A pipe is waited for as a socket is:
  // a read of a file that never comes back would keep the process from ending.
  const kind = fstatSync(0);
  return kind.isFIFO() || kind.isSocket()
    ? new Socket({ fd: 0, readable: true, writable: false })
    : createReadStream('', { fd: 0, autoClose: false });
}
