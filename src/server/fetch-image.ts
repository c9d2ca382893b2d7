import { lookup } from 'node:dns/promises';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { ImagekinError, messageOf } from '../core/errors.js';
import { abortable } from './abortable.js';
import { HttpProblem } from './problems.js';
import { isPublicAddress } from './public-addresses.js';

export interface FetchImageLimits {
  readonly bytes: number;
  /** For all of it, redirects too. */
  readonly timeoutMs: number;
}

/** What is between here and there. Another one only in tests. */
export interface Network {
  /** All addresses of a name. */
  resolve(name: string): Promise<readonly string[]>;
  mayConnect(address: string): boolean;
}

const publicNetwork: Network = {
  resolve: async (name) => (await lookup(name, { all: true })).map(({ address }) => address),
  mayConnect: isPublicAddress,
};

const mostRedirects = 3;

/**
 * Fetches an image that a search names by its address, without being of use to who wants to look around in the network of this
 * server: only http and https; only public addresses, looked up once and connected to as they were looked up; redirects each
 * checked the same; images only, of so many bytes, in so much time. What else there was to see is not told.
 * @throws HttpProblem `address-refused`, `too-large`; `download-failed`; the reason of the signal
 */
export async function fetchImage(
  url: string,
  { bytes, timeoutMs }: FetchImageLimits,
  signal?: AbortSignal,
  network: Network = publicNetwork,
): Promise<Uint8Array> {
  const timeout = AbortSignal.timeout(timeoutMs);
  const either = signal ? AbortSignal.any([signal, timeout]) : timeout;
  let at = checkedUrl(url);
  try {
    for (let redirects = 0; redirects <= mostRedirects; redirects++) {
      const response = await get(at, await addressOf(at, network, either), either);
      const { statusCode = 0, headers } = response;
      if (statusCode >= 300 && statusCode < 400 && headers.location !== undefined) {
        response.destroy();
        at = checkedUrl(headers.location, at);
        continue;
      }
      return await imageIn(response, at, bytes);
    }
    throw failed(at, `more than ${mostRedirects} redirects`);
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    if (timeout.aborted) throw failed(at, `nothing whole within ${timeoutMs / 1000} seconds`);
    if (error instanceof HttpProblem || error instanceof ImagekinError) throw error;
    throw failed(at, reasonOf(error));
  }
}

function checkedUrl(text: string, base?: URL): URL {
  const shown = JSON.stringify(text.slice(0, 200));
  if (!URL.canParse(text, base?.href)) throw refused(`expected the address of an image, got ${shown}`);
  const url = new URL(text, base);
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw refused(`expected an address that begins with https:// or http://, got ${shown}`);
  if (url.username !== '' || url.password !== '')
    throw refused('expected an address without a name and password in it');
  return url;
}

/** The address that is connected to: all of a name must be public, as whoever owns the name says what they are. */
async function addressOf({ hostname }: URL, network: Network, signal: AbortSignal): Promise<string> {
  const bare = hostname.replace(/^\[(.*)\]$/, '$1');
  // Looking up a name cannot be stopped.
  const addresses = isIP(bare) ? [bare] : await abortable(network.resolve(bare), signal);
  const [first] = addresses;
  if (first !== undefined && addresses.every((address) => network.mayConnect(address))) return first;
  throw refused(`${hostname} is no address in the public internet; send the image itself`);
}

function get(url: URL, address: string, signal: AbortSignal): Promise<IncomingMessage> {
  const family = isIP(address);
  // Not looked up again: the name could mean another address by now.
  const found: LookupFunction = (_name, options, tell) =>
    options.all ? tell(null, [{ address, family }]) : tell(null, address, family);
  const request = url.protocol === 'https:' ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    request(
      url,
      {
        lookup: found,
        signal,
        // A connection of an earlier question would be to whatever that was allowed to ask.
        agent: false,
        headers: { accept: 'image/*', 'accept-encoding': 'identity', 'user-agent': 'imagekin' },
      },
      resolve,
    )
      .on('error', reject)
      .end();
  });
}

async function imageIn(response: IncomingMessage, url: URL, most: number): Promise<Uint8Array> {
  try {
    const { statusCode, headers } = response;
    if (statusCode !== 200) throw failed(url, `status ${statusCode}`);
    const type = headers['content-type'] ?? 'none';
    if (!/^image\//i.test(type)) throw failed(url, `the type ${JSON.stringify(type.slice(0, 100))}`);
    if (Number(headers['content-length'] ?? 0) > most) throw tooLarge(most);
    const chunks: Buffer[] = [];
    let length = 0;
    for await (const chunk of response as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length > most) throw tooLarge(most);
      chunks.push(chunk);
    }
    if (!response.complete) throw failed(url, 'a part of it');
    return Buffer.concat(chunks);
  } finally {
    response.destroy();
  }
}

function reasonOf(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOTFOUND' || code === 'EAI_AGAIN' ? 'a name that nobody knows' : messageOf(error);
}

function failed({ host }: URL, got: string): ImagekinError {
  return new ImagekinError('download-failed', {
    where: host,
    expected: 'an image',
    got,
    fix: 'see whether a browser shows it, or send the image itself',
  });
}

function refused(detail: string): HttpProblem {
  return new HttpProblem('address-refused', detail);
}

function tooLarge(most: number): HttpProblem {
  return new HttpProblem('too-large', `the image has more than ${most} bytes`);
}
