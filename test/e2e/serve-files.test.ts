import { readdir, readFile, rename, symlink, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectValid } from '../fixtures/api-document.js';
import { decompressionBomb } from '../fixtures/plant-faults.js';
import { picturesCollection } from '../fixtures/served-pictures.js';
import { CommandLine, type Running } from './command-line.js';

const cli = new CommandLine();
let made: Awaited<ReturnType<typeof picturesCollection>>;
let running: Running;
let url: string;
let api: string;
let picture: Buffer;

beforeAll(async () => {
  made = await picturesCollection();
  picture = await readFile(join(made.pictures, 'amber', '0.png'));
  running = cli.start('serve', made.directory, '--port', '0', '--max-upload', '1');
  await running.said('serving 1 collection at ');
  url = /serving 1 collection at (\S+)\//.exec(running.stderr())![1]!;
  api = `${url}/api/v1/collections/pictures`;
});

afterAll(async () => {
  running.child.kill('SIGTERM');
  await running.ended;
  await made.remove();
});

describe('what lies outside of a collection and its sources', () => {
  it.each([
    ...[
      'images/..%2f..%2f..%2fetc%2fpasswd/original',
      'images/%2e%2e/%2e%2e/original',
      'images/1%00/original',
    ],
    ...['images/-1/original', 'images/1e3/original', 'images/99999999999/original'],
    ...['..%2fpictures/images/1/original', '../../../../../../etc/passwd', 'images/1/original/../../../../x'],
  ])('is not at %s', async (path) => {
    const answer = await raw(
      `GET /api/v1/collections/pictures/${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 40[0345] /);
    expect(answer).not.toContain('root:');
  });

  it('is not sent when a file of the collection has become a link to it, nor when a folder has', async () => {
    const secret = join(made.root, 'secret.png');
    await writeFile(secret, Buffer.concat([picture, Buffer.from('the secret')]));
    const { images } = await expectValid(
      await fetch(`${api}/images?filter=${encodeURIComponent('label = clay')}`),
    );
    const { id, name } = images[0];
    const file = join(made.pictures, name);
    expect(await (await fetch(`${api}/images/${id}/original`)).arrayBuffer()).toHaveProperty('byteLength');
    await rename(file, `${file}.away`);
    await symlink(secret, file);
    const linked = await fetch(`${api}/images/${id}/original`);
    expect(linked.status).toBe(404);
    expect((await expectValid(linked)).code).toBe('image-not-found');

    // The same by a folder: made.root/elsewhere/<name of the file> is a file outside of the source.
    const folder = join(made.pictures, 'blue');
    const { images: blue } = await expectValid(
      await fetch(`${api}/images?filter=${encodeURIComponent('label = blue')}`),
    );
    await rename(folder, join(made.root, 'elsewhere'));
    await symlink(join(made.root, 'elsewhere'), folder);
    const through = await fetch(`${api}/images/${blue[0].id}/original`);
    expect(through.status).toBe(404);
    await through.text();
  });

  it('is not written by names of files that are sent', async () => {
    const form = new FormData();
    form.append('files', new Blob([picture as BlobPart]), '../../../../evil-1.png');
    form.append('files', new Blob([picture as BlobPart]), '/tmp/imagekin-evil-2.png');
    form.append('files', new Blob([picture as BlobPart]), '..\\..\\evil-3.png');
    const job = await expectValid(await fetch(`${api}/images`, { method: 'POST', body: form }), 'POST');
    expect(await ended(job.id)).toMatchObject({ state: 'done' });
    const everything = await readdir(made.root, { recursive: true });
    const evil = everything.filter((path) => basename(path).includes('evil'));
    for (const path of evil) expect(path).toMatch(/^pictures\.kin\/uploads\//);
    await expect(readFile('/tmp/imagekin-evil-2.png')).rejects.toThrow();
  });

  it('is no page, where an original is sent', async () => {
    const { headers } = await fetch(`${api}/images/1/original`);
    expect(headers.get('content-security-policy')).toMatch(/sandbox/);
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });
});

describe('what is sent', () => {
  it('may not be larger than the server takes', async () => {
    const large = new Blob([Buffer.alloc(2 * 2 ** 20)]);
    const form = new FormData();
    form.set('query', '{"like":[{"file":"a"}]}');
    form.set('a', large, 'a.png');
    const search = await fetch(`${api}/search`, { method: 'POST', body: form });
    expect((await expectValid(search, 'POST')).code).toBe('too-large');
    expect(search.status).toBe(413);

    const upload = new FormData();
    upload.append('files', large, 'large.png');
    upload.append('files', new Blob([picture as BlobPart]), 'fine.png');
    const response = await fetch(`${api}/images`, { method: 'POST', body: upload });
    const job = await expectValid(response, 'POST');
    const { failures } = await ended(job.id);
    expect(failures).toBe(1);
  });

  it('may be a few bytes that would become gigabytes, which is told and not decoded', async () => {
    const bomb = new Blob([decompressionBomb(20_000) as BlobPart]);
    const form = new FormData();
    form.set('query', '{"like":[{"file":"a"}]}');
    form.set('a', bomb, 'a.png');
    const search = await fetch(`${api}/search`, { method: 'POST', body: form });
    expect((await expectValid(search, 'POST')).code).toBe('image-undecodable');
    expect(search.status).toBe(422);
    const upload = new FormData();
    upload.append('files', bomb, 'bomb.png');
    const job = await expectValid(await fetch(`${api}/images`, { method: 'POST', body: upload }), 'POST');
    expect(await ended(job.id)).toMatchObject({ failures: 1 });
  });

  it('must say how long it is, and be no longer', async () => {
    const head =
      'POST /api/v1/collections/pictures/images HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n';
    const type = 'Content-Type: multipart/form-data; boundary=x\r\n';
    expect(await raw(`${head}${type}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n`)).toMatch(
      /^HTTP\/1\.1 411 /,
    );
    expect(await raw(`${head}${type}Content-Length: 99999999999\r\n\r\n--x`)).toMatch(/^HTTP\/1\.1 413 /);
    const both = 'Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n';
    expect(await raw(`${head}${type}${both}`)).toMatch(/^HTTP\/1\.1 400 /);
  });

  const part = (head: string, body: string) => `--x\r\n${head}\r\n\r\n${body}\r\n`;
  it.each([
    ['nothing', ''],
    ['no part', '--x--\r\n'],
    [
      'a part that does not end',
      '--x\r\nContent-Disposition: form-data; name="files"; filename="a"\r\n\r\nabc',
    ],
    ['a part without a name', `${part('Content-Type: image/png', 'abc')}--x--\r\n`],
    ['heads that do not end', `--x\r\n${'A: b\r\n'.repeat(5000)}`],
    [
      'another boundary',
      '--y\r\nContent-Disposition: form-data; name="files"; filename="a"\r\n\r\nabc\r\n--y--\r\n',
    ],
    [
      'a name of objects',
      `${part('Content-Disposition: form-data; name="__proto__"; filename="a"', 'abc')}--x--\r\n`,
    ],
    ['very many parts', `${part('Content-Disposition: form-data; name="a"', '1').repeat(1200)}--x--\r\n`],
    [
      'a field that is none of ours',
      `${part('Content-Disposition: form-data; name="role"', 'admin')}--x--\r\n`,
    ],
  ])('is refused as a form with %s, and leaves nothing behind', async (_what, body) => {
    const before = await uploads();
    for (const path of ['images', 'search']) {
      const response = await fetch(`${api}/${path}`, {
        method: 'POST',
        headers: { 'content-type': 'multipart/form-data; boundary=x' },
        body,
      });
      expect([400, 413], await response.clone().text()).toContain(response.status);
      await expectValid(response, 'POST');
    }
    expect(await uploads()).toEqual(before);
  });

  it('leaves nothing behind when it is cut off', async () => {
    const before = await uploads();
    await new Promise<void>((resolve) => {
      const { hostname, port } = new URL(url);
      const socket = connect(Number(port), hostname, () => {
        socket.write(
          'POST /api/v1/collections/pictures/images HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5000\r\n' +
            'Content-Type: multipart/form-data; boundary=x\r\n\r\n' +
            '--x\r\nContent-Disposition: form-data; name="files"; filename="a.png"\r\n\r\nabc',
        );
        setTimeout(() => socket.destroy(), 100);
      });
      socket.on('close', () => resolve());
    });
    await expect.poll(uploads).toEqual(before);
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
  });
});

async function uploads(): Promise<string[]> {
  const entries = await readdir(join(made.directory, 'uploads'), { recursive: true }).catch(() => []);
  return entries.sort();
}

/** How a job is when it has ended. */
async function ended(id: string) {
  for (;;) {
    const job = await expectValid(await fetch(`${url}/api/v1/jobs/${id}`));
    if (job.state !== 'queued' && job.state !== 'running') return job;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function raw(text: string): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname, () => socket.write(text));
    let answer = '';
    socket.on('data', (chunk) => {
      answer += chunk;
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve(answer));
  });
}
