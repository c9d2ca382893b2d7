import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { temporaryDirectory } from '../../test/fixtures/temporary-directory.js';
import { type Download, downloadFile } from './download-file.js';
import type { Progress } from './progress.js';

const file = Buffer.from(Uint8Array.from({ length: 300_000 }, (_, at) => (at * 7 + (at >> 8)) % 251));
const md5 = createHash('md5').update(file).digest('hex');
const checksum = { algorithm: 'md5', hex: md5 } as const;

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** Answers the first request with the first answer, and so on; the last one serves all that follow. */
async function serve(...answers: Answer[]): Promise<{ url: string; ranges: (string | undefined)[] }> {
  const ranges: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    ranges.push(request.headers.range);
    answers[Math.min(ranges.length, answers.length) - 1]!(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/file`, ranges };
}

const whole: Answer = (_, response) => {
  response.writeHead(200, { 'content-length': file.length }).end(file);
};

/** A server that knows ranges. */
const ranged: Answer = (request, response) => {
  const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
  if (start === 0) return whole(request, response);
  if (start >= file.length) {
    response.writeHead(416, { 'content-range': `bytes */${file.length}` }).end();
    return;
  }
  response
    .writeHead(206, {
      'content-length': file.length - start,
      'content-range': `bytes ${start}-${file.length - 1}/${file.length}`,
    })
    .end(file.subarray(start));
};

/** Promises the whole file and closes the connection after `bytes`. */
const cutAfter =
  (bytes: number): Answer =>
  (_, response) => {
    response.writeHead(200, { 'content-length': file.length });
    response.write(file.subarray(0, bytes), () => response.destroy());
  };

const silent: Answer = () => {};

const stallsAfter =
  (bytes: number): Answer =>
  (_, response) => {
    response.writeHead(200, { 'content-length': file.length });
    response.write(file.subarray(0, bytes));
  };

async function target(): Promise<{ path: string; part: string }> {
  const path = join(await temporaryDirectory(), 'deeper', 'file.bin');
  return { path, part: `${path}.part` };
}

async function withPart(bytes: Uint8Array): Promise<{ path: string; part: string }> {
  const { path, part } = await target();
  await mkdir(join(path, '..'));
  await writeFile(part, bytes);
  return { path, part };
}

describe('a download', () => {
  it('brings the whole file, counts its bytes, and leaves nothing beside it', async () => {
    const { url, ranges } = await serve(whole);
    const { path, part } = await target();
    const seen: Progress[] = [];
    await downloadFile({ url, path, checksum, onProgress: (progress) => seen.push(progress) });
    expect(file.equals(await readFile(path))).toBe(true);
    expect(existsSync(part)).toBe(false);
    expect(ranges).toEqual([undefined]);
    expect(seen.at(-1)).toEqual({
      task: 'downloading',
      done: file.length,
      total: file.length,
      unit: 'bytes',
    });
    expect(seen.every(({ done }, i) => i === 0 || done > seen[i - 1]!.done)).toBe(true);
  });

  it('asks nobody when the file is there already', async () => {
    const { path } = await target();
    await mkdir(join(path, '..'));
    await writeFile(path, file);
    await downloadFile({ url: 'http://127.0.0.1:1/', path, checksum });
    expect(file.equals(await readFile(path))).toBe(true);
  });

  it('keeps what came before a cut connection, and goes on from there the next time', async () => {
    const { url, ranges } = await serve(cutAfter(100_000), ranged);
    const { path, part } = await target();
    await expect(downloadFile({ url, path, checksum })).rejects.toMatchObject({
      code: 'download-failed',
      message: expect.stringMatching(/: expected the whole file, got .+; .*goes on where this ended/),
    });
    const kept = await readFile(part);
    expect(kept.length).toBeGreaterThan(0);
    expect(kept.equals(file.subarray(0, kept.length))).toBe(true);
    expect(existsSync(path)).toBe(false);
    const seen: Progress[] = [];
    await downloadFile({ url, path, checksum, onProgress: (progress) => seen.push(progress) });
    expect(ranges).toEqual([undefined, `bytes=${kept.length}-`]);
    expect(file.equals(await readFile(path))).toBe(true);
    expect(seen[0]!.done).toBeGreaterThan(kept.length);
    expect(seen.at(-1)).toMatchObject({ done: file.length, total: file.length });
  });

  it('starts again where the server ignores ranges', async () => {
    const { url, ranges } = await serve(whole);
    const { path } = await withPart(file.subarray(0, 1000));
    await downloadFile({ url, path, checksum });
    expect(ranges).toEqual(['bytes=1000-']);
    expect(file.equals(await readFile(path))).toBe(true);
  });

  it('takes a part that is whole already', async () => {
    const { url, ranges } = await serve(ranged);
    const { path } = await withPart(file);
    await downloadFile({ url, path, checksum });
    expect(ranges).toEqual([`bytes=${file.length}-`]);
    expect(file.equals(await readFile(path))).toBe(true);
  });

  it.each([
    ['begun with another version of the file', Buffer.alloc(1000, 1)],
    ['longer than the file', Buffer.concat([file, file])],
  ])('starts again over a part that is %s', async (_, bytes) => {
    const { url, ranges } = await serve(ranged);
    const { path } = await withPart(bytes);
    await downloadFile({ url, path, checksum });
    expect(ranges).toEqual([`bytes=${bytes.length}-`, undefined]);
    expect(file.equals(await readFile(path))).toBe(true);
  });

  it('leaves nothing behind of a file with the wrong checksum', async () => {
    const { url } = await serve(whole);
    const { path, part } = await target();
    const wanted = '0'.repeat(32);
    await expect(
      downloadFile({ url, path, checksum: { algorithm: 'md5', hex: wanted } }),
    ).rejects.toMatchObject({
      code: 'checksum-mismatch',
      message: expect.stringContaining(`expected MD5 ${wanted}, got ${md5};`),
    });
    expect([existsSync(path), existsSync(part)]).toEqual([false, false]);
  });

  it.each([
    ['404', 404],
    ['500', 500],
  ])('fails when the server says %s, and keeps the part', async (_, status) => {
    const { url } = await serve((_, response) => {
      response.writeHead(status).end('nothing');
    });
    const { path, part } = await withPart(file.subarray(0, 10));
    await expect(downloadFile({ url, path, checksum })).rejects.toMatchObject({
      code: 'download-failed',
      message: expect.stringContaining(`got HTTP status ${status};`),
    });
    expect(await readFile(part)).toHaveLength(10);
  });

  it('refuses a range that was not asked for', async () => {
    const { url } = await serve((_, response) => {
      response.writeHead(206, { 'content-range': `bytes 0-9/${file.length}` }).end(file.subarray(0, 10));
    });
    const { path, part } = await withPart(file.subarray(0, 5));
    await expect(downloadFile({ url, path, checksum })).rejects.toMatchObject({ code: 'download-failed' });
    expect(await readFile(part)).toHaveLength(5);
  });

  it('fails when nobody listens, with the reason', async () => {
    const { path } = await target();
    await expect(downloadFile({ url: 'http://127.0.0.1:1/', path, checksum })).rejects.toMatchObject({
      code: 'download-failed',
      message: expect.stringMatching(/got .*(ECONNREFUSED|bad port)/),
    });
  });

  it('gives up on a server that never answers', async () => {
    const { url } = await serve(silent);
    const { path, part } = await target();
    await expect(downloadFile({ url, path, checksum, startTimeoutMs: 50 })).rejects.toMatchObject({
      code: 'download-failed',
      message: expect.stringContaining('got no byte in 0.05 s;'),
    });
    expect(existsSync(part)).toBe(false);
  });

  it('gives up on a server that says it will answer and then says no more', async () => {
    const { url } = await serve(stallsAfter(0));
    const { path } = await target();
    await expect(downloadFile({ url, path, checksum, startTimeoutMs: 50 })).rejects.toMatchObject({
      code: 'download-failed',
    });
  });

  it('gives up on a server that falls silent halfway, and keeps the part', async () => {
    const { url } = await serve(stallsAfter(5000));
    const { path, part } = await target();
    await expect(
      downloadFile({ url, path, checksum, startTimeoutMs: 5_000, stallTimeoutMs: 50 }),
    ).rejects.toThrow('no further byte in 0.05 s');
    expect(await readFile(part)).toEqual(file.subarray(0, 5000));
  });

  it('keeps the part when it is aborted, and throws the reason given', async () => {
    const { url } = await serve(stallsAfter(5000), ranged);
    const { path, part } = await target();
    const stop = new AbortController();
    const download: Download = {
      url,
      path,
      checksum,
      signal: stop.signal,
      onProgress: () => stop.abort(new Error('Ctrl-C')),
    };
    await expect(downloadFile(download)).rejects.toThrow('Ctrl-C');
    expect(await readFile(part)).toEqual(file.subarray(0, 5000));
    await downloadFile({ url, path, checksum });
    expect(file.equals(await readFile(path))).toBe(true);
  });

  it('says so when there is no place to write', async () => {
    const { url } = await serve(whole);
    const directory = await temporaryDirectory();
    await writeFile(join(directory, 'in-the-way'), '');
    await expect(
      downloadFile({ url, path: join(directory, 'in-the-way', 'file'), checksum }),
    ).rejects.toMatchObject({
      code: 'file-not-writable',
    });
  });
});
