import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { makeCifar10, makeCifar10TarGz, makeTarGz } from '../../test/fixtures/make-cifar10.js';
import { temporaryDirectory } from '../../test/fixtures/temporary-directory.js';
import { readCifar10 } from './cifar10-archive.js';
import { downloadCifar10 } from './cifar10-download.js';
import { openImages } from './source.js';

const records = 10;

async function serve(bytes: Buffer): Promise<{ url: string; md5: string; requests: () => number }> {
  let requests = 0;
  const server = createServer((_, response) => {
    requests++;
    response.writeHead(200, { 'content-length': bytes.length }).end(bytes);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/cifar-10-binary.tar.gz`;
  return { url, md5: createHash('md5').update(bytes).digest('hex'), requests: () => requests };
}

describe('downloading CIFAR-10', () => {
  it('unpacks the archive where it will be found, and leaves nothing beside it', async () => {
    const directory = join(await temporaryDirectory(), 'cifar10');
    const { url, md5 } = await serve(await makeCifar10TarGz(makeCifar10(records)));
    const tasks = new Set<string>();
    const unpacked = await downloadCifar10(directory, {
      url,
      md5,
      onProgress: ({ task }) => tasks.add(task),
    });
    expect(unpacked).toBe(join(directory, 'cifar-10-batches-bin'));
    expect(await readdir(directory)).toEqual(['cifar-10-batches-bin']);
    expect(await readdir(unpacked)).toHaveLength(7);
    expect(await readCifar10(unpacked, 'all', records)).toHaveLength(60);
    expect([...tasks]).toEqual(['downloading cifar10']);
  });

  it('clears away what a killed run left of an unpacking', async () => {
    const directory = await temporaryDirectory();
    const { url, md5 } = await serve(await makeCifar10TarGz(makeCifar10(records)));
    await mkdir(join(directory, 'cifar-10-batches-bin.part'));
    await writeFile(join(directory, 'cifar-10-batches-bin.part', 'test_batch.bin'), 'half');
    expect(await readCifar10(await downloadCifar10(directory, { url, md5 }), 'test', records)).toHaveLength(
      10,
    );
  });

  it('leaves no directory behind when the archive misses a file', async () => {
    const directory = await temporaryDirectory();
    const files = makeCifar10(records);
    files.delete('data_batch_4.bin');
    const { url, md5 } = await serve(await makeCifar10TarGz(files));
    await expect(downloadCifar10(directory, { url, md5 })).rejects.toMatchObject({
      code: 'source-damaged',
      message: expect.stringContaining('no entry "cifar-10-batches-bin/data_batch_4.bin"'),
    });
    expect(existsSync(join(directory, 'cifar-10-batches-bin'))).toBe(false);
    expect(existsSync(join(directory, 'cifar-10-batches-bin.part'))).toBe(false);
  });

  it('refuses an archive that is not the published one, through every door', async () => {
    const home = await temporaryDirectory();
    const { url: downloadUrl } = await serve(await makeTarGz([]));
    await expect(openImages('cifar10:test', { home, downloadUrl })).rejects.toMatchObject({
      code: 'checksum-mismatch',
      message: expect.stringContaining('expected MD5 c32a1d4ab5d03f1284b67883e8d87530'),
    });
    expect(await readdir(join(home, 'cifar10'))).toEqual([]);
  });

  it('unpacks without a request an archive that came whole before', async () => {
    const directory = await temporaryDirectory();
    const bytes = await makeCifar10TarGz(makeCifar10(records));
    const { url, md5, requests } = await serve(bytes);
    await writeFile(join(directory, 'cifar-10-binary.tar.gz'), bytes);
    await downloadCifar10(directory, { url, md5 });
    expect(await readdir(directory)).toEqual(['cifar-10-batches-bin']);
    expect(requests()).toBe(0);
  });
});
