import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { fetchImage, type Network } from './fetch-image.js';
import { fetchQueryImages } from './fetch-query-images.js';
import { isPublicAddress } from './public-addresses.js';
import { settingsOf } from './settings.js';

const limits = { bytes: 1000, timeoutMs: 5000 };

async function serving(answer: RequestListener): Promise<number> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

/** In which `images.test` is a server of this machine, as one of the public internet would be. */
const network: Network = {
  resolve: async (name) => (name === 'images.test' ? ['127.0.0.1'] : ['10.0.0.1']),
  mayConnect: (address) => address === '127.0.0.1',
};

describe('a public address', () => {
  it.each(['8.8.8.8', '1.1.1.1', '172.15.255.255', '172.32.0.0', '2606:4700::1111', '2a00:1450::1'])(
    'is %s',
    (address) => expect(isPublicAddress(address)).toBe(true),
  );

  it.each([
    ...['0.0.0.0', '127.0.0.1', '127.255.255.255', '10.1.2.3', '172.16.0.1', '172.31.255.255', '192.168.1.1'],
    ...['169.254.169.254', '100.64.0.1', '224.0.0.1', '239.255.255.255', '240.0.0.1', '255.255.255.255'],
    ...[
      '::',
      '::1',
      '::ffff:8.8.8.8',
      '::ffff:127.0.0.1',
      '::7f00:1',
      '64:ff9b::7f00:1',
      'fe80::1',
      'fc00::1',
    ],
    ...[
      'fd00:ec2::254',
      'ff02::1',
      '2002:7f00:1::',
      '2001::1',
      '2001:db8::1',
      'fe80::1%eth0',
      'localhost',
      '',
    ],
  ])('is not %j', (address) => expect(isPublicAddress(address)).toBe(false));
});

describe('fetching an image', () => {
  it('gives its bytes, and asks for nothing but an image', async () => {
    let accepted: string | undefined;
    const port = await serving((request, response) => {
      accepted = request.headers.accept;
      response.writeHead(200, { 'content-type': 'image/png' }).end('png');
    });
    const bytes = await fetchImage(`http://images.test:${port}/a.png`, limits, undefined, network);
    expect(Buffer.from(bytes).toString()).toBe('png');
    expect(accepted).toBe('image/*');
  });

  it.each([
    ...['http://127.0.0.1/', 'http://localhost/', 'http://[::1]/', 'http://0x7f.1/', 'http://2130706433/'],
    ...[
      'http://169.254.169.254/latest/meta-data/',
      'http://[::ffff:10.0.0.1]/',
      'http://0/',
      'http://10.0.0.1:80/',
    ],
    ...[
      'file:///etc/passwd',
      'ftp://example.org/a.png',
      'data:image/png;base64,AA',
      'gopher://x/',
      'nothing',
      '',
    ],
    ...['http://user:password@example.org/'],
  ])('refuses %j', async (url) => {
    await expect(fetchImage(url, limits)).rejects.toMatchObject({ code: 'address-refused' });
  });

  it('refuses a name of which one address is private', async () => {
    const mixed: Network = { resolve: async () => ['8.8.8.8', '10.0.0.1'], mayConnect: isPublicAddress };
    const asked = fetchImage('http://mixed.test/', limits, undefined, mixed);
    await expect(asked).rejects.toMatchObject({ code: 'address-refused' });
  });

  it('looks a name up once, and connects to what was checked', async () => {
    const port = await serving((_request, response) => {
      response.writeHead(200, { 'content-type': 'image/png' }).end('checked');
    });
    let looked = 0;
    const rebinding: Network = {
      // Public when it is checked, something else a moment later.
      resolve: async () => [looked++ === 0 ? '127.0.0.1' : '127.0.0.2'],
      mayConnect: () => true,
    };
    const bytes = await fetchImage(`http://rebinding.test:${port}/`, limits, undefined, rebinding);
    expect(Buffer.from(bytes).toString()).toBe('checked');
    expect(looked).toBe(1);
  });

  it('checks where redirects lead, and follows three', async () => {
    const port = await serving(({ url }, response) => {
      const left = Number(url!.slice(1));
      if (left > 0) response.writeHead(302, { location: `/${left - 1}` }).end();
      else if (url === '/private') response.writeHead(302, { location: 'http://intranet.test/' }).end();
      else response.writeHead(200, { 'content-type': 'image/gif' }).end('gif');
    });
    const ask = (path: string) =>
      fetchImage(`http://images.test:${port}/${path}`, limits, undefined, network);
    expect(Buffer.from(await ask('3')).toString()).toBe('gif');
    await expect(ask('4')).rejects.toMatchObject({ code: 'download-failed' });
    await expect(ask('private')).rejects.toMatchObject({ code: 'address-refused' });
  });

  it.each([
    [
      'is no image',
      'download-failed',
      (): [number, object, string] => [200, { 'content-type': 'text/html' }, 'x'],
    ],
    [
      'is missing',
      'download-failed',
      (): [number, object, string] => [404, { 'content-type': 'image/png' }, 'x'],
    ],
    [
      'says that it is too large',
      'too-large',
      (): [number, object, string] => [200, { 'content-type': 'image/png', 'content-length': '1001' }, ''],
    ],
    [
      'is too large without saying so',
      'too-large',
      (): [number, object, string] => [200, { 'content-type': 'image/png' }, 'x'.repeat(2000)],
    ],
  ])('refuses what %s', async (_what, code, answer) => {
    const port = await serving((_request, response) => {
      const [status, headers, body] = answer();
      response.writeHead(status, headers as Record<string, string>);
      response.write(body);
      if (!('content-length' in headers)) response.end();
    });
    const asked = fetchImage(`http://images.test:${port}/`, limits, undefined, network);
    await expect(asked).rejects.toMatchObject({ code });
  });

  it('waits only so long for a server that trickles', async () => {
    const port = await serving((_request, response) => {
      response.writeHead(200, { 'content-type': 'image/png' });
      const timer = setInterval(() => response.write('x'), 20);
      response.on('close', () => clearInterval(timer));
    });
    const asked = fetchImage(
      `http://images.test:${port}/`,
      { bytes: 1e6, timeoutMs: 300 },
      undefined,
      network,
    );
    await expect(asked).rejects.toThrow(/within 0.3 seconds/);
  });

  it('ends when whoever asked is gone', async () => {
    const port = await serving(() => {});
    const gone = new AbortController();
    const asked = fetchImage(`http://images.test:${port}/`, limits, gone.signal, network);
    setTimeout(() => gone.abort(new Error('gone')), 50);
    await expect(asked).rejects.toThrow('gone');
  });
});

describe('a search that names images by address', () => {
  const query = {
    like: [{ url: 'http://images.test/', weight: 2 }, { id: 3 }],
    unlike: [{ file: 'fetched 1' }],
  };
  const files = { 'fetched 1': Uint8Array.of(7) };

  it('is refused unless the server was told to allow it', async () => {
    await expect(fetchQueryImages({ query, files }, settingsOf({}))).rejects.toMatchObject({
      code: 'forbidden',
    });
    const byId = { query: { like: [{ id: 3 }] } };
    expect(await fetchQueryImages(byId, settingsOf({}))).toBe(byId);
  });

  it('becomes one with files, and the rest of it stays', async () => {
    const port = await serving((_request, response) => {
      response.writeHead(200, { 'content-type': 'image/png' }).end('png');
    });
    const asked = { ...query, k: 5, like: [{ url: `http://images.test:${port}/`, weight: 2 }, { id: 3 }] };
    const found = await fetchQueryImages(
      { query: asked, files },
      settingsOf({ searchByUrl: true }),
      undefined,
      network,
    );
    expect(found.query).toEqual({ ...query, k: 5, like: [{ file: 'fetched 2', weight: 2 }, { id: 3 }] });
    expect(Buffer.from(found.files!['fetched 2']!).toString()).toBe('png');
    expect(found.files!['fetched 1']).toEqual(Uint8Array.of(7));
  });
});
