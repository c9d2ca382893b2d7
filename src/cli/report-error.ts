import { inspect } from 'node:util';
import { ImagekinError, messageOf } from '../core/errors.js';
import { type ExitCode, exitCodeOf, exitCodes } from './exit-codes.js';
import { Interrupted } from './interruption.js';

/** What is said of an error, and what the process ends with. */
export interface ErrorReport {
  /** `interrupted`, `unexpected`, or a code of the catalogue. */
  readonly code: string;
  /** One line. */
  readonly message: string;
  readonly exitCode: ExitCode;
}

export function reportOf(error: unknown): ErrorReport {
  if (error instanceof ImagekinError)
    return { code: error.code, message: messageOf(error), exitCode: exitCodeOf[error.code] };
  if (error instanceof Interrupted)
    return { code: 'interrupted', message: messageOf(error), exitCode: exitCodes.interrupted };
  return {
    code: 'unexpected',
    message: `imagekin: unexpected: ${messageOf(error)}; this is a bug, run again with IMAGEKIN_DEBUG=1 to see where`,
    exitCode: exitCodes.failed,
  };
}

/** A line on stderr, and with --json a document on stdout; the stack only where it was asked for. */
export function writeError(error: unknown, { json }: { readonly json: boolean }): ExitCode {
  const { code, message, exitCode } = reportOf(error);
  process.stderr.write(`${message}\n`);
  if (error instanceof ImagekinError && error.shown !== undefined) process.stderr.write(`${error.shown}\n`);
  if (process.env.IMAGEKIN_DEBUG) process.stderr.write(`${inspect(error)}\n`);
  if (json) process.stdout.write(`${JSON.stringify({ error: { code, message } }, null, 2)}\n`);
  return exitCode;
}
