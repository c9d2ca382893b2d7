import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { expectValid } from '../../test/fixtures/api-document.js';
import { filledCollection } from '../../test/fixtures/filled-collection.js';
import { temporaryDirectory } from '../../test/fixtures/temporary-directory.js';
import { testServer } from '../../test/fixtures/test-server.js';
import { noJobs } from './no-jobs.js';
import { openApiPath, openApiText } from './openapi-document.js';

describe('a server', () => {
  it('lists its collections and says of each what there is to say', async () => {
    const { directory } = await filledCollection(20);
    const { url } = await testServer({ photos: directory, others: directory });
    const list = await expectValid(await fetch(`${url}/api/v1/collections`));
    expect(list.collections.map(({ name }: { name: string }) => name)).toEqual(['photos', 'others']);
    const status = await expectValid(await fetch(`${url}/api/v1/collections/photos`));
    expect(status).toMatchObject({ name: 'photos', images: 20, unlabelled: 10, labels: 1, withoutVector: 0 });
    expect(status.sources).toHaveLength(1);
    expect(status.bytes.total).toBeGreaterThan(0);
  });

  it('says what it allows', async () => {
    const { url } = await testServer({}, { readOnly: true, searchByUrl: true, limits: { fileBytes: 5 } });
    expect(await expectValid(await fetch(`${url}/api/v1/session`))).toMatchObject({
      tokenRequired: false,
      authenticated: true,
      readOnly: true,
      searchByUrl: true,
      limits: { fileBytes: 5 },
    });
  });

  it.each([
    ['GET', '/api/v1/nothing', 404, 'not-found'],
    ['GET', '/api/v1/collections/nothing', 404, 'collection-missing'],
    ['DELETE', '/api/v1/collections', 405, 'method-not-allowed'],
    ['OPTIONS', '/api/v1/collections', 405, 'method-not-allowed'],
    ['GET', '/%ff', 400, 'request-invalid'],
    ['GET', '/nothing.js', 404, 'not-found'],
  ])('answers %s %s by a problem: %i %s', async (method, path, status, code) => {
    const { url } = await testServer();
    const response = await fetch(url + path, { method });
    expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    const problem = await response.json();
    expect(problem).toMatchObject({ status, code, type: `urn:imagekin:${code}` });
    expect(response.status).toBe(status);
    expect(problem.instance).toBe(response.headers.get('x-request-id'));
    if (status === 405) expect(response.headers.get('allow')).toBe('GET, HEAD');
  });

  it.each([
    ['{', 'application/json', 400, /JSON/],
    ['{"token":1}', 'application/json', 400, /body\.token must be string/],
    ['{"token":"a","tokn":"b"}', 'application/json', 400, /has no field "tokn"/],
    ['{}', 'application/json', 400, /token/],
    ['', 'application/json', 400, /empty/],
    ['{"__proto__":{"a":1},"token":"a"}', 'application/json', 400, /./],
    ['token=a', 'application/x-www-form-urlencoded', 415, /./],
    [' '.repeat(10) + '{}'.padEnd(300), 'application/json', 413, /./],
  ])('refuses the body %s as %s with %i', async (body, type, status, detail) => {
    const { url } = await testServer({}, { limits: { jsonBytes: 200 } });
    const init = { method: 'POST', headers: { 'content-type': type }, body };
    const response = await fetch(`${url}/api/v1/session`, init);
    expect(response.status).toBe(status);
    expect((await expectValid(response, 'POST')).detail).toMatch(detail);
  });

  it('tells nothing of errors that nobody expected, but logs them', async () => {
    const list = () => {
      throw new Error('secret: /home/somebody/passwords');
    };
    const logged: string[] = [];
    const logger = pino({ level: 'error' }, { write: (line: string) => void logged.push(line) });
    const { url } = await testServer({}, { jobs: { ...noJobs, list }, logger });
    const response = await fetch(`${url}/metrics`);
    expect(response.status).toBe(500);
    const problem = await response.json();
    expect(JSON.stringify(problem)).not.toContain('secret');
    expect(problem).toMatchObject({ code: 'internal' });
    expect(logged).toHaveLength(1);
    expect(JSON.parse(logged[0]!)).toMatchObject({
      request: problem.instance,
      err: { message: 'secret: /home/somebody/passwords' },
    });
  });

  it('answers what is no HTTP by a problem, and closes', async () => {
    const { url } = await testServer();
    const answer = await raw(url, 'nonsense\r\n\r\n');
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer).toContain('application/problem+json');
    expect(await raw(url, `GET / HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`)).toMatch(
      /^HTTP\/1\.1 431 /,
    );
  });

  it('is alive, and ready as long as its collections answer and it is not being stopped', async () => {
    const { directory } = await filledCollection(3);
    const { server, url } = await testServer({ photos: directory });
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    await server.close();
    expect(server.stopping.aborted).toBe(true);
    await expect(fetch(`${url}/healthz`)).rejects.toThrow();
  });

  it('counts requests by the template of their route', async () => {
    const { directory } = await filledCollection(7);
    const { url } = await testServer({ photos: directory });
    await (await fetch(`${url}/api/v1/collections/photos`)).text();
    await (await fetch(`${url}/api/v1/collections/${'x'.repeat(50)}`)).text();
    await (await fetch(`${url}/no/such/thing`)).text();
    const text = await (await fetch(`${url}/metrics`)).text();
    const route = 'route="/api/v1/collections/:collection"';
    expect(text).toContain(`imagekin_http_requests_total{method="GET",${route},status="200"} 1`);
    expect(text).toContain(`imagekin_http_requests_total{method="GET",${route},status="404"} 1`);
    expect(text).toContain('imagekin_http_requests_total{method="GET",route="none",status="404"} 1');
    expect(text).toContain(`imagekin_http_request_duration_seconds_count{method="GET",${route}} 2`);
    expect(text).toContain('imagekin_collection_images{collection="photos"} 7');
    expect(text).toContain('imagekin_jobs{state="running"} 0');
    expect(text).toMatch(/nodejs_eventloop_lag_p99_seconds [\d.e-]+/);
    expect(text).not.toContain('xxxxx');
  });

  it('shows its document to be read, from this server alone', async () => {
    const { url } = await testServer();
    const page = await fetch(`${url}/docs`);
    expect(page.status).toBe(200);
    expect(await page.text()).not.toMatch(/https?:\/\//);
    expect(page.headers.get('content-security-policy')).toMatch(/script-src 'self';/);
  });
});

describe('the page', () => {
  const built = async () => {
    const page = await temporaryDirectory();
    const { mkdir, writeFile } = await import('node:fs/promises');
    await mkdir(`${page}/assets`);
    await writeFile(`${page}/index.html`, '<!doctype html><title>page</title>');
    await writeFile(`${page}/assets/index-B1xk93aZ.js`, 'plain');
    await writeFile(`${page}/assets/index-B1xk93aZ.js.br`, 'brotli');
    await writeFile(`${page}/.secret`, 'hidden words');
    return page;
  };

  it('is answered to whatever a browser asks for that is not there', async () => {
    const { url } = await testServer({}, { page: await built(), token: 'needed' });
    for (const path of ['/', '/photos/search?q=1', '/index.html', '/collections.v1/x']) {
      const response = await fetch(url + path, { headers: { accept: 'text/html,*/*' } });
      expect(response.status, path).toBe(200);
      expect(await response.text()).toContain('<title>page</title>');
      expect(response.headers.get('cache-control')).toBe('no-cache');
      const policy = response.headers.get('content-security-policy')!;
      expect(policy).toContain("script-src 'self'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toMatch(/unsafe|https?:|\*/);
    }
    const api = await fetch(`${url}/api/v1/nothing`, { headers: { accept: 'text/html' } });
    expect(api.status).toBe(404);
  });

  it('sends files with a hash in their names for good, compressed where they are', async () => {
    const { url } = await testServer({}, { page: await built() });
    const path = `${url}/assets/index-B1xk93aZ.js`;
    const response = await fetch(path, { headers: { 'accept-encoding': 'identity' } });
    expect(await response.text()).toBe('plain');
    expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    const { headers } = await fetch(path, { method: 'HEAD', headers: { 'accept-encoding': 'br' } });
    expect(headers.get('content-encoding')).toBe('br');
    expect(headers.get('cache-control')).toContain('immutable');
    expect((await fetch(`${url}/assets/missing.js`)).status).toBe(404);
  });

  it.each([
    '/.secret',
    '/%2esecret',
    '/../../package.json',
    '/%2e%2e/%2e%2e/package.json',
    '/assets/..%2f.secret',
    '/..%5c.secret',
    '/%00',
  ])('has nothing at %s', async (path) => {
    const { url } = await testServer({}, { page: await built() });
    const answer = await raw(url, `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 (400|403|404) /);
    expect(answer).not.toMatch(/hidden words|devDependencies/);
  });

  it('says how it is built where it is not', async () => {
    const { url } = await testServer();
    const response = await fetch(url, { headers: { accept: 'text/html' } });
    expect(await response.text()).toContain('npm run build');
  });
});

describe('the document', () => {
  it('in the repository is the one that is served', async () => {
    const { url } = await testServer();
    const committed = await readFile(new URL(`../../${openApiPath}`, import.meta.url), 'utf8');
    expect(committed, 'run: npm run schema').toBe(await openApiText());
    expect(await (await fetch(`${url}/openapi.json`)).json()).toEqual(JSON.parse(committed));
  });

  it('says of each operation what it is called, what it answers, and which problems', async () => {
    const { paths, components } = JSON.parse(await openApiText());
    const names = new Set<string>();
    for (const [path, methods] of Object.entries<Record<string, never>>(paths))
      for (const [method, said] of Object.entries<Record<string, never>>(methods)) {
        const where = `${method} ${path}`;
        const { operationId, tags, summary, responses } = said;
        expect(operationId, where).toMatch(/^[a-z][A-Za-z]+$/);
        expect(names.has(operationId!), where).toBe(false);
        names.add(operationId!);
        expect(tags, where).toHaveLength(1);
        expect(summary, where).toBeTruthy();
        expect(Object.keys(responses!), where).toEqual(expect.arrayContaining(['4XX', '503']));
        expect(
          Object.keys(responses!).some((status) => status.startsWith('2')),
          where,
        ).toBe(true);
      }
    expect(components.schemas.Problem.required).toContain('code');
  });

  it('has every route of the API', async () => {
    const { server } = await testServer();
    const { paths } = JSON.parse(await openApiText());
    const written = server.printRoutes({ commonPrefix: false });
    expect(written).toContain('api/v1');
    for (const path of Object.keys(paths))
      expect(
        server.hasRoute({ method: methodOf(paths[path]), url: path.replace(/\{(\w+)\}/g, ':$1') }),
        path,
      ).toBe(true);
  });
});

const methodOf = (methods: object) => Object.keys(methods)[0]!.toUpperCase() as 'GET';

/** Sends bytes as they are, and gives all that comes back until the connection is closed. */
function raw(url: string, text: string): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write(text));
    let answer = '';
    socket.on('data', (chunk) => {
      answer += chunk;
    });
    socket.on('close', () => resolve(answer));
    socket.on('error', reject);
  });
}
