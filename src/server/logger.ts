import { Writable } from 'node:stream';
import type { FastifyBaseLogger } from 'fastify';
import { pino } from 'pino';
import { printable } from '../core/printable.js';

export interface LoggerOptions {
  /** A line for people in the place of one of JSON. */
  readonly readable: boolean;
  /** Only what is wrong. */
  readonly quiet: boolean;
}

export interface ServerLogger {
  readonly logger: FastifyBaseLogger;
  /** Writes what is not written yet. */
  flush(): void;
}

const mostWaitingBytes = 16 * 2 ** 20;

/** Writes to stderr. Tokens, bodies and queries never come here. */
export function serverLogger({ readable, quiet }: LoggerOptions): ServerLogger {
  const level = quiet ? 'warn' : 'info';
  if (readable) return { logger: pino({ level, base: null }, readableLines(process.stderr)), flush() {} };
  // Not in step with requests: a pipe that is full would hold up all of them. Where nobody reads it any more, lines are dropped.
  const destination = pino.destination({ fd: 2, sync: false, maxLength: mostWaitingBytes });
  const logger = pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, destination);
  return {
    logger,
    flush() {
      try {
        destination.flushSync();
      } catch {
        // Not open yet: then nothing was written either.
      }
    },
  };
}

/** Turns lines of JSON, as pino writes them, into lines that are read while the server runs. */
export function readableLines(out: { write(text: string): unknown }): Writable {
  return new Writable({
    decodeStrings: false,
    write(chunk: string | Buffer, _encoding, done) {
      for (const line of String(chunk).split('\n')) if (line !== '') out.write(`${readableLine(line)}\n`);
      done();
    },
  });
}

const levels: Readonly<Record<number, string>> = { 40: ' warning:', 50: ' error:', 60: ' error:' };

function readableLine(line: string): string {
  const { level, time, msg, method, path, status, ms, request, err, ...rest } = JSON.parse(line);
  const clock = new Date(time).toTimeString().slice(0, 8);
  const what =
    method === undefined
      ? `${levels[level] ?? ''} ${msg}`
      : ` ${method} ${printable(path)} ${status} ${Math.round(ms)} ms`;
  const more = Object.entries(rest).map(([name, value]) => ` ${name}=${JSON.stringify(value)}`);
  const stack = err === undefined ? '' : `\n${err.stack ?? err.message} (request ${request})`;
  return `${clock}${what}${more.join('')}${stack}`;
}
