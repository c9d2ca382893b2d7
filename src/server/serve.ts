import type { AddressInfo } from 'node:net';
import type { ServiceOptions } from '../app/service/open-collection-service.js';
import { ImagekinError } from '../core/errors.js';
import { waitAtMost } from '../core/wait-at-most.js';
import type { ApiServer } from './api-server.js';
import { createServer } from './create-server.js';
import type { ServerLogger } from './logger.js';
import { bareHost, isLoopback } from './loopback.js';
import { openServed } from './open-served.js';
import { type ServerOptions, settingsOf } from './settings.js';

export interface ServeOptions extends ServerOptions, Pick<ServiceOptions, 'threads' | 'device'> {
  /** Folders of collections. */
  readonly collections: readonly string[];
  /** 0 for any that is free. */
  readonly port: number;
  readonly host: string;
  readonly log: ServerLogger;
  /** Is told where the page is. */
  readonly onListening: (url: string) => void;
  /** Aborted to have it stop: what runs is finished first. */
  readonly signal: AbortSignal;
}

const shortestToken = 16;

/**
 * Serves collections until the signal is aborted.
 * @throws `wrong-usage` where others could ask and no good token is given, or the port cannot be had; as `openServed`
 */
export async function serve(options: ServeOptions): Promise<void> {
  const { collections, host, port, log, onListening, signal, threads, device, ...serverOptions } = options;
  requireGoodToken(options);
  const { logger } = log;
  const served = await openServed(collections, {
    readOnly: options.readOnly,
    logger,
    threads,
    device,
    decoding: { maxPixels: settingsOf(serverOptions).limits.pixels },
  });
  const server = createServer(served, { ...serverOptions, host, logger });
  try {
    await listen(server, host, port);
    onListening(urlOf(server, host));
    await aborted(signal);
    logger.info('stopping');
  } finally {
    const { stopMs } = server.settings.limits;
    const late = setTimeout(() => {
      logger.warn({ seconds: stopMs / 1000 }, 'what still runs is cut off');
      server.server.closeAllConnections();
    }, stopMs);
    await Promise.all([server.close(), waitAtMost(served.close(), stopMs)]);
    clearTimeout(late);
    log.flush();
  }
}

function requireGoodToken({ host, token }: ServeOptions): void {
  const fix = 'set IMAGEKIN_TOKEN to a long random one, as "openssl rand -hex 16" makes them';
  if (token === undefined) {
    if (isLoopback(host)) return;
    throw new ImagekinError('wrong-usage', {
      where: `--host ${host}`,
      expected: 'a token, as others than this machine could ask',
      got: 'none',
      fix,
    });
  }
  const least = isLoopback(host) ? 1 : shortestToken;
  // What goes in a header and an address without being changed on the way.
  if (/^[\x21-\x7e]{1,500}$/.test(token) && token.length >= least) return;
  throw new ImagekinError('wrong-usage', {
    where: '--token',
    expected: `${least} to 500 letters, digits and signs without spaces`,
    got: /^[\x21-\x7e]*$/.test(token) ? `${token.length}` : 'others',
    fix,
  });
}

async function listen(server: ApiServer, host: string, port: number): Promise<void> {
  try {
    await server.listen({ host: bareHost(host), port });
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const reasons: Readonly<Record<string, readonly [expected: string, got: string, fix: string]>> = {
      EADDRINUSE: [
        'a port that is free',
        'one that another program listens on',
        'choose another, or --port 0 for any that is free',
      ],
      EACCES: ['a port that this user may listen on', 'one that it may not', 'choose one above 1023'],
      EADDRNOTAVAIL: ['an address of this machine', 'another', 'leave --host out, or choose 0.0.0.0 for all'],
      ENOTFOUND: ['a name or an address of this machine', 'an unknown name', 'leave --host out'],
    };
    const reason = reasons[code ?? ''];
    if (reason === undefined) throw cause;
    const [expected, got, fix] = reason;
    throw new ImagekinError('wrong-usage', {
      where: `--host ${host} --port ${port}`,
      expected,
      got,
      fix,
      cause,
    });
  }
}

/** As a browser on this machine reaches it. */
function urlOf(server: ApiServer, host: string): string {
  const { port } = server.server.address() as AddressInfo;
  const bare = bareHost(host);
  const name = ['0.0.0.0', '::'].includes(bare) ? 'localhost' : bare.includes(':') ? `[${bare}]` : bare;
  return `http://${name}:${port}/`;
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
