import { execFileSync } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectValid } from '../fixtures/api-document.js';
import { picturesCollection } from '../fixtures/served-pictures.js';
import { CommandLine, errorLine, type Running } from './command-line.js';

let made: Awaited<ReturnType<typeof picturesCollection>>;
beforeAll(async () => {
  made = await picturesCollection();
});
afterAll(() => made.remove());

async function serving(cli: CommandLine, ...flags: string[]): Promise<{ running: Running; url: string }> {
  const running = cli.start('serve', made.directory, '--port', '0', ...flags);
  await running.said('serving 1 collection at ');
  return { running, url: /serving 1 collection at (\S+)/.exec(running.stderr())![1]! };
}

describe('imagekin serve', () => {
  const cli = new CommandLine();

  it('says where it listens, logs as JSON, and stops by SIGTERM', async () => {
    const { running, url } = await serving(cli);
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
    const { collections } = await expectValid(await fetch(`${url}api/v1/collections`));
    expect(collections).toMatchObject([{ name: 'pictures', images: 17 }]);
    running.child.kill('SIGTERM');
    const { code, stdout, stderr } = await running.ended;
    expect([code, stdout]).toEqual([0, '']);
    const lines = stderr.split('\n').filter((line) => line.startsWith('{'));
    const answered = lines.map((line) => JSON.parse(line)).find(({ msg }) => msg === 'answered');
    expect(answered).toMatchObject({ method: 'GET', path: '/api/v1/collections', status: 200, level: 30 });
    expect(answered.request).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('finishes what runs before it stops, and takes nothing more', async () => {
    const { running, url } = await serving(cli);
    const events = await fetch(`${url}api/v1/jobs/events`);
    expect(events.status).toBe(200);
    const like = [{ id: 1 }];
    // Long enough to be under way: the first search loads the engine.
    const search = fetch(`${url}api/v1/collections/pictures/search`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ like }),
    });
    await new Promise((resolve) => setTimeout(resolve, 100));
    running.child.kill('SIGINT');
    const { hits } = await expectValid(await search, 'POST');
    expect(hits.length).toBeGreaterThan(0);
    // The stream is ended as well, and does not hold the server up.
    await events.text();
    expect((await running.ended).code).toBe(0);
    await expect(fetch(url)).rejects.toThrow();
  });

  it('keeps the token out of what it writes, and answers only who has it', async () => {
    const token = 'an-unlikely-token-1234';
    const withToken = new CommandLine({ IMAGEKIN_TOKEN: token });
    const { running, url } = await serving(withToken);
    const path = `${url}api/v1/collections`;
    expect((await fetch(path)).status).toBe(401);
    expect((await fetch(path, { headers: { authorization: `Bearer ${token}` } })).status).toBe(200);
    running.child.kill('SIGTERM');
    expect((await running.ended).stderr).not.toContain(token);
  });

  it('does not listen for others without a good token', async () => {
    for (const token of [[], ['--token', 'short']]) {
      const { code, stderr } = await cli.run('serve', made.directory, '--host', '0.0.0.0', ...token);
      expect(code).toBe(2);
      expect(stderr).toMatch(errorLine);
      expect(stderr).toContain('openssl rand -hex 16');
    }
  });

  it('says of a port that is taken what to do', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    const { code, stderr } = await cli.run('serve', made.directory, '--port', String(port), '--quiet');
    other.close();
    expect(code).toBe(2);
    expect(stderr).toMatch(errorLine);
    expect(stderr).toContain('--port 0');
  });

  it('says of a folder that is no collection what it is', async () => {
    const { code, stderr } = await cli.run('serve', made.pictures, '--port', '0');
    expect(code).toBe(1);
    expect(stderr).toMatch(errorLine);
  });

  it('does not let anything be changed when it is read only', async () => {
    const { running, url } = await serving(cli, '--read-only');
    const at = `${url}api/v1/collections/pictures`;
    const json = { 'content-type': 'application/json' };
    const asked = await Promise.all([
      fetch(`${at}/images/1`, { method: 'DELETE' }),
      fetch(`${at}/images/1`, { method: 'PATCH', headers: json, body: '{"label":"x"}' }),
      fetch(`${at}/jobs`, { method: 'POST', headers: json, body: '{"kind":"evaluate"}' }),
      fetch(`${at}/images`, { method: 'POST', body: new FormData() }),
    ]);
    for (const response of asked) {
      expect(response.status).toBe(403);
      expect(await response.json()).toMatchObject({ code: 'read-only' });
    }
    const search = await fetch(`${at}/search`, {
      method: 'POST',
      headers: json,
      body: '{"like":[{"id":1}]}',
    });
    expect((await expectValid(search, 'POST')).hits.length).toBeGreaterThan(0);
    running.child.kill('SIGTERM');
    await running.ended;
  });
});

describe('the thread that answers', () => {
  it('loads no engine, no decoder and no database', () => {
    const server = new URL('../../dist/server/serve.js', import.meta.url).href;
    const script = `await import(${JSON.stringify(server)});
      process.stdout.write(JSON.stringify(process.report.getReport().sharedObjects));`;
    const out = execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
    const libraries = JSON.parse(out) as string[];
    expect(libraries.length).toBeGreaterThan(0);
    expect(libraries.filter((path) => path.includes('node_modules'))).toEqual([]);
  });
});
