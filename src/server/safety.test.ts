import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { expectValid } from '../../test/fixtures/api-document.js';
import { testServer } from '../../test/fixtures/test-server.js';
import type { CollectionService } from '../app/service/collection-service.js';
import type { Served } from './api-server.js';
import { createServer } from './create-server.js';
import { Gate } from './gate.js';
import { noJobs } from './no-jobs.js';
import { HttpProblem } from './problems.js';
import { defaultLimits, type ServerLimits } from './settings.js';

const token = 'a token of the right kind';
const wrongTokens = { most: 3, delayMs: 30 };

describe('a server with a token', () => {
  const withToken = (limits: Partial<ServerLimits> = { wrongTokens: { most: 100, delayMs: 1 } }) =>
    testServer({}, { token, limits });

  it.each([
    ['none', {}],
    ['a wrong one', { authorization: 'Bearer wrong' }],
    ['the beginning of the right one', { authorization: `Bearer ${token.slice(0, -1)}` }],
    ['more than the right one', { authorization: `Bearer ${token}x` }],
    ['an empty one', { authorization: 'Bearer ' }],
    ['another scheme', { authorization: `Basic ${Buffer.from(`:${token}`).toString('base64')}` }],
    ['the token as a cookie', { cookie: `imagekin_session=${encodeURIComponent(token)}` }],
    ['a session that there is none of', { cookie: `imagekin_session=${'A'.repeat(43)}` }],
  ])('answers 401 to %s', async (_what, headers) => {
    const { url } = await withToken();
    for (const path of ['/api/v1/collections', '/metrics']) {
      const response = await fetch(url + path, { headers });
      expect(response.status, path).toBe(401);
      expect(response.headers.get('www-authenticate')).toMatch(/^Bearer/);
      expect(await response.json()).toMatchObject({ code: 'token-wrong' });
    }
    // Before anything of the body is read, and for addresses that are not there as well.
    const post = await fetch(`${url}/api/v1/collections/x/search`, { method: 'POST', headers, body: 'x' });
    expect(post.status).toBe(401);
  });

  it('answers whoever has it', async () => {
    const { url } = await withToken();
    for (const authorization of [`Bearer ${token}`, `bearer  ${token} `]) {
      const response = await fetch(`${url}/api/v1/collections`, { headers: { authorization } });
      expect(await expectValid(response)).toEqual({ collections: [] });
    }
  });

  it('shows page, document and health without it', async () => {
    const { url } = await withToken();
    for (const path of ['/', '/docs', '/openapi.json', '/healthz', '/readyz']) {
      const response = await fetch(url + path, { headers: { accept: 'text/html' } });
      expect(response.status, path).toBe(200);
    }
    expect(await expectValid(await fetch(`${url}/api/v1/session`))).toMatchObject({
      tokenRequired: true,
      authenticated: false,
    });
  });

  it('gives a session as a cookie that scripts and other sites do not get, and ends it', async () => {
    const { url } = await withToken();
    const opened = await post(`${url}/api/v1/session`, { token });
    expect(opened.status).toBe(204);
    const [cookie] = opened.headers.getSetCookie();
    expect(cookie).toMatch(/^imagekin_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/);
    const headers = { cookie: cookie!.split(';')[0]! };
    expect((await fetch(`${url}/api/v1/collections`, { headers })).status).toBe(200);
    const closed = await fetch(`${url}/api/v1/session`, { method: 'DELETE', headers });
    expect(closed.headers.getSetCookie()[0]).toMatch(
      /imagekin_session=;.*(Max-Age=0|Expires=Thu, 01 Jan 1970)/,
    );
    expect((await fetch(`${url}/api/v1/collections`, { headers })).status).toBe(401);
  });

  it('slows whoever tries tokens, and then hears them no more for a while', async () => {
    const { url } = await withToken({ wrongTokens });
    const began = performance.now();
    for (let i = 0; i < wrongTokens.most; i++)
      expect((await post(`${url}/api/v1/session`, { token: `guess ${i}` })).status).toBe(401);
    expect(performance.now() - began).toBeGreaterThan(wrongTokens.most * wrongTokens.delayMs * 0.9);
    const refused = await post(`${url}/api/v1/session`, { token: 'guess' });
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(50);
    const headers = { authorization: `Bearer ${token}` };
    expect((await fetch(`${url}/api/v1/collections`, { headers })).status).toBe(429);
  });

  it('counts tokens that are tried where everybody may ask', async () => {
    const { url } = await withToken({ wrongTokens });
    const said = async (given: string) => {
      const response = await fetch(`${url}/api/v1/session`, {
        headers: { authorization: `Bearer ${given}` },
      });
      return (await expectValid(response)).authenticated;
    };
    expect(await said(token)).toBe(true);
    for (let i = 0; i < wrongTokens.most; i++) expect(await said(`wrong ${i}`)).toBe(false);
    expect(await said(token)).toBe(false);
  });

  it('keeps those who have a session while another is heard no more', async () => {
    const { url } = await withToken({ wrongTokens });
    const opened = await post(`${url}/api/v1/session`, { token });
    const headers = { cookie: opened.headers.getSetCookie()[0]!.split(';')[0]! };
    for (let i = 0; i <= wrongTokens.most; i++) await post(`${url}/api/v1/session`, { token: 'guess' });
    expect((await fetch(`${url}/api/v1/collections`, { headers })).status).toBe(200);
  });
});

describe('pages of other sites', () => {
  it.each([
    ['127.0.0.1', 200],
    ['localhost:4090', 200],
    ['[::1]:4090', 200],
    ['images.localhost', 200],
    ['127.8.8.8:1', 200],
    ['evil.test', 403],
    ['127.0.0.1.evil.test', 403],
    ['localhost.evil.test:4090', 403],
    ['evil.test#localhost', 403],
    ['localhost@evil.test', 403],
    ['169.254.169.254', 403],
    ['', 403],
  ])('that have the name %j lead here get %i', async (host, status) => {
    const { url } = await testServer();
    for (const path of ['/api/v1/collections', '/', '/metrics', '/docs']) {
      const answer = await raw(url, `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
      const expected =
        status === 200 && path === '/' ? /^HTTP\/1\.1 (200|404) / : new RegExp(`^HTTP/1.1 ${status} `);
      expect(answer, path).toMatch(expected);
    }
  });

  it.each([
    ['another origin', { origin: 'http://evil.test' }],
    ['the same machine, another port', { origin: 'http://127.0.0.1:1' }],
    ['no origin that is one', { origin: 'null' }],
    ['an extension', { origin: 'chrome-extension://abc' }],
    ['another site, as browsers say', { 'sec-fetch-site': 'cross-site' }],
    ['another origin of the same site', { 'sec-fetch-site': 'same-site' }],
  ])('cannot change anything: %s', async (_what, headers) => {
    for (const options of [{}, { token }]) {
      const { url } = await testServer({}, options);
      const authorization = `Bearer ${token}`;
      const response = await rawHeaders(url, 'DELETE', '/api/v1/session', { ...headers, authorization });
      expect(response).toMatch(/^HTTP\/1\.1 403 /);
      expect(response).toContain('"code":"forbidden"');
      expect(response).not.toMatch(/access-control/i);
    }
  });

  it('cannot ask either, and are allowed nothing', async () => {
    const { url } = await testServer();
    // However the address is written.
    for (const path of ['/api/v1/collections', '/%61pi/v1/collections', '/metrics', '/%6detrics']) {
      const asked = await rawHeaders(url, 'GET', path, { 'sec-fetch-site': 'cross-site' });
      expect(asked, path).toMatch(/^HTTP\/1\.1 403 /);
    }
    const preflight = await rawHeaders(url, 'OPTIONS', '/api/v1/collections', {
      origin: 'http://evil.test',
      'access-control-request-method': 'DELETE',
    });
    expect(preflight).toMatch(/^HTTP\/1\.1 40[35] /);
    expect(preflight).not.toMatch(/access-control/i);
  });

  it('are not this page, which may', async () => {
    const { url } = await testServer();
    const headers = { origin: url, 'sec-fetch-site': 'same-origin' };
    expect(await rawHeaders(url, 'DELETE', '/api/v1/session', headers)).toMatch(/^HTTP\/1\.1 204 /);
  });

  it('cannot be shown what is here, whatever is asked for', async () => {
    const { url } = await testServer();
    for (const path of ['/api/v1/session', '/api/v1/nothing', '/nothing', '/metrics', '/%ff', '/docs']) {
      const { headers } = await fetch(url + path);
      expect(headers.get('x-content-type-options'), path).toBe('nosniff');
      expect(headers.get('cross-origin-resource-policy'), path).toBe('same-origin');
      expect(headers.get('cross-origin-opener-policy'), path).toBe('same-origin');
      expect(headers.get('referrer-policy'), path).toBe('no-referrer');
      expect(headers.get('content-security-policy'), path).toContain("default-src 'none'");
      expect(headers.get('content-security-policy'), path).toContain("frame-ancestors 'none'");
      expect(headers.get('access-control-allow-origin'), path).toBeNull();
    }
  });
});

describe('a read-only server', () => {
  it('opens sessions, and changes nothing', async () => {
    const { url } = await testServer({}, { readOnly: true });
    expect((await post(`${url}/api/v1/session`, { token: 'any' })).status).toBe(204);
  });
});

describe('slow clients', () => {
  const limits = { headersMs: 300, requestMs: 600, idleMs: 900 };

  it('are cut off when the head of a request does not come, while others are answered', async () => {
    const { url } = await testServer({}, { limits });
    const slow = Array.from({ length: 50 }, () => trickle(url, 'GET / HTTP/1.1\r\nHost: localhost\r\nX: '));
    expect((await fetch(`${url}/api/v1/session`)).status).toBe(200);
    for (const answer of await Promise.all(slow)) expect(answer).toMatch(/^(HTTP\/1\.1 408 |$)/);
  });

  it('are cut off when a body does not come', async () => {
    const { url } = await testServer({}, { limits });
    const head =
      'POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{';
    expect(await trickle(url, head)).toMatch(/^(HTTP\/1\.1 408 |$)/);
  });

  it('are cut off when they say nothing at all', async () => {
    const { url } = await testServer({}, { limits });
    expect(await raw(url, '')).toMatch(/^(HTTP\/1\.1 408 |$)/);
  });
});

describe('more than can be worked on', () => {
  const busy = (call: CollectionService['call']): Served => ({
    collections: new Map([['busy', { name: 'busy', directory: '/nowhere', call, close: async () => {} }]]),
    jobs: noJobs,
  });

  it('is told to come again, and what waits is answered in turn', async () => {
    const waiting: (() => void)[] = [];
    const call = () =>
      new Promise<never>((_, reject) => waiting.push(() => reject(new HttpProblem('not-found', 'answered'))));
    const server = createServer(busy(call), {
      page: null,
      limits: { work: { ...defaultLimits.work, read: { atOnce: 2, waiting: 1 } } },
    });
    const url = await server.listen({ port: 0, host: '127.0.0.1' });
    onTestFinished(() => server.close());
    const ask = () => fetch(`${url}/api/v1/collections/busy`);
    const asked = [ask(), ask(), ask()];
    await expect.poll(() => waiting.length).toBe(2);
    await sleep(50);
    // However its address is written.
    expect((await fetch(`${url}/%61pi/v1/collections/busy`)).status).toBe(429);
    const refused = await ask();
    expect(refused.status).toBe(429);
    expect(refused.headers.get('retry-after')).toBe('1');
    expect((await expectValid(refused)).code).toBe('too-many-requests');
    // What is of another kind does not wait behind it.
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    for (let answered = 0; answered < 3; answered++) {
      await expect.poll(() => waiting.length).toBeGreaterThan(0);
      waiting.shift()!();
    }
    for (const response of await Promise.all(asked)) expect(response.status).toBe(404);
  });

  it('does not wait for whoever is slow to take an answer', async () => {
    const long = 'x'.repeat(2 ** 25);
    const server = createServer(
      busy(async () => ({ long }) as never),
      {
        page: null,
        limits: { work: { ...defaultLimits.work, read: { atOnce: 1, waiting: 0 } } },
      },
    );
    const url = await server.listen({ port: 0, host: '127.0.0.1' });
    const { port } = new URL(url);
    const slow = connect({ port: Number(port), host: '127.0.0.1' });
    onTestFinished(async () => {
      slow.destroy();
      server.server.closeAllConnections();
      await server.close();
    });
    slow.write('GET /api/v1/collections/busy HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await new Promise((resolve) => slow.once('readable', resolve));
    const quick = await fetch(`${url}/api/v1/collections/busy`);
    expect(quick.status).toBe(200);
    expect((await quick.text()).length).toBeGreaterThan(long.length);
    // The first has not been taken yet.
    expect(slow.bytesRead).toBeLessThan(long.length);
  });

  it('is given up when the answer takes too long, and whoever asked is told so', async () => {
    const signals: (AbortSignal | undefined)[] = [];
    const call: CollectionService['call'] = (_method, _request, options) => {
      signals.push(options?.signal);
      return new Promise(() => {});
    };
    const server = createServer(busy(call), { page: null, limits: { answerMs: 50 } });
    const url = await server.listen({ port: 0, host: '127.0.0.1' });
    onTestFinished(() => server.close());
    const answer = await fetch(`${url}/api/v1/collections/busy`);
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({ code: 'answer-timeout' });
    expect(signals[0]!.aborted).toBe(true);
  });

  it('is given up when whoever asked is gone', async () => {
    const signals: (AbortSignal | undefined)[] = [];
    const call: CollectionService['call'] = (_method, _request, options) => {
      signals.push(options?.signal);
      return new Promise(() => {});
    };
    const server = createServer(busy(call), { page: null });
    const url = await server.listen({ port: 0, host: '127.0.0.1' });
    onTestFinished(() => server.close());
    const gone = new AbortController();
    const asked = fetch(`${url}/api/v1/collections/busy`, { signal: gone.signal });
    await expect.poll(() => signals.length).toBe(1);
    expect(signals[0]!.aborted).toBe(false);
    gone.abort();
    await expect(asked).rejects.toThrow();
    await expect.poll(() => signals[0]!.aborted).toBe(true);
  });
});

describe('the gate', () => {
  it('lets so many in, has so many wait in turn, and refuses the next', async () => {
    const gate = new Gate({ atOnce: 2, waiting: 2 });
    const [first, second] = [await gate.enter(), await gate.enter()];
    const entered: number[] = [];
    const waiting = [1, 2].map((number) =>
      gate.enter().then((leave) => {
        entered.push(number);
        return leave;
      }),
    );
    await expect(gate.enter()).rejects.toMatchObject({ code: 'too-many-requests', retryAfter: 1 });
    await sleep(5);
    expect(entered).toEqual([]);
    first!();
    first!();
    await waiting[0];
    expect(entered).toEqual([1]);
    second!();
    const leaves = await Promise.all(waiting);
    expect(entered).toEqual([1, 2]);
    for (const leave of leaves) leave();
    expect([gate.inside, gate.waiting]).toEqual([0, 0]);
  });

  it('forgets whoever gives up waiting', async () => {
    const gate = new Gate({ atOnce: 1, waiting: 1 });
    const leave = await gate.enter();
    const gone = new AbortController();
    const waiting = gate.enter(gone.signal);
    gone.abort(new Error('gone'));
    await expect(waiting).rejects.toThrow('gone');
    expect(gate.waiting).toBe(0);
    leave();
    expect(gate.inside).toBe(0);
  });
});

function post(url: string, body: object): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}

/** By hand, as `fetch` does not let anybody forge these. */
function rawHeaders(url: string, method: string, path: string, headers: object): Promise<string> {
  const lines = Object.entries({ host: new URL(url).host, connection: 'close', ...headers });
  return raw(
    url,
    `${method} ${path} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`,
  );
}

function raw(url: string, text: string): Promise<string> {
  return untilClosed(url, (socket) => void socket.write(text));
}

/** Sends a beginning, and then a byte now and then. */
function trickle(url: string, head: string): Promise<string> {
  return untilClosed(url, (socket) => {
    socket.write(head);
    const timer = setInterval(() => socket.write('x'), 50);
    socket.on('close', () => clearInterval(timer));
  });
}

function untilClosed(url: string, begin: (socket: Socket) => void): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname, () => begin(socket));
    let answer = '';
    socket.on('data', (chunk) => {
      answer += chunk;
    });
    // Writing to what the server has closed.
    socket.on('error', () => {});
    socket.on('close', () => resolve(answer));
  });
}
