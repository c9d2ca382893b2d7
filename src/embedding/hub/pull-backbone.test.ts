import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { convolutional } from '../../../test/fixtures/foreign-model.js';
import { HubServer } from '../../../test/fixtures/hub-server.js';
import { temporaryDirectory } from '../../../test/fixtures/temporary-directory.js';
import type { Progress } from '../../core/progress.js';
import { openModel } from '../open-model.js';
import { hubSettings } from './hub-settings.js';
import { type PullOptions, pullBackbone } from './pull-backbone.js';

const model = convolutional().bytes();
const config = Buffer.from(
  JSON.stringify({
    image_processor_type: 'CLIPImageProcessor',
    size: { shortest_edge: 12 },
    crop_size: { height: 12, width: 12 },
    do_center_crop: true,
    image_mean: [0.5, 0.4, 0.3],
    image_std: [0.2, 0.3, 0.4],
    resample: 3,
  }),
);
const files = { 'onnx/model.onnx': model, 'preprocessor_config.json': config };

let home: string;
beforeEach(async () => {
  home = await temporaryDirectory();
  vi.stubEnv('IMAGEKIN_HOME', home);
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
});

async function hub(...args: ConstructorParameters<typeof HubServer>): Promise<HubServer> {
  const server = await new HubServer(...args).start();
  onTestFinished(() => server.stop());
  return server;
}

function pull({ endpoint }: { endpoint: string }, what = 'some/net', options: PullOptions = {}, env = {}) {
  const settings = hubSettings({ HF_ENDPOINT: `${endpoint}/`, ...env });
  return pullBackbone(what, { settings, retryDelayMs: 5, ...options });
}

const asked = (server: HubServer, which: 'hub' | 'cdn', method = 'GET') =>
  server.asked.filter((each) => each.server === which && each.method === method);

describe('pulling a model', () => {
  it('brings model and preprocessing, makes a model file, and lets it be named', async () => {
    const server = await hub('some/net', files);
    const seen: Progress[] = [];
    const pulled = await pull(server, 'some/net', { onProgress: (progress) => seen.push(progress) });
    expect(pulled).toMatchObject({
      name: 'some--net',
      path: join(home, 'models', 'some--net.onnx'),
      repository: 'some/net',
      file: 'onnx/model.onnx',
      revision: 'main',
      commit: server.commit,
    });
    expect(pulled.model.resize).toEqual({ fit: 'cover', filter: 'bicubic' });
    expect(pulled.model.metadata.recipe).toMatchObject({
      source: `some/net/onnx/model.onnx@${server.commit}`,
      mean: [0.5, 0.4, 0.3],
      std: [0.2, 0.3, 0.4],
    });
    const kept = join(home, 'models', 'some', 'net', server.commit);
    expect(Buffer.compare(await readFile(join(kept, 'onnx', 'model.onnx')), model)).toBe(0);
    expect(Buffer.compare(await readFile(join(kept, 'preprocessor_config.json')), config)).toBe(0);
    expect(seen[0]).toMatchObject({
      task: 'downloading onnx/model.onnx',
      unit: 'bytes',
      total: model.length,
    });
    for (const name of ['some--net', 'some/net', pulled.path])
      expect((await openModel(name)).id).toBe(pulled.model.id);
  });

  it('downloads nothing twice', async () => {
    const server = await hub('some/net', files);
    const { model: first } = await pull(server);
    const before = asked(server, 'cdn').length;
    expect((await pull(server)).model.id).toBe(first.id);
    expect(asked(server, 'cdn')).toHaveLength(before);
    expect(before).toBe(1);
  });

  it('follows a repository to its new name', async () => {
    const server = await hub('some/net', files);
    expect((await pull(server, 'old/name')).commit).toBe(server.commit);
  });

  it('shows the token to the hub and to nobody else', async () => {
    const server = await hub('some/net', files, { gated: true });
    await expect(pull(server)).rejects.toMatchObject({
      code: 'download-failed',
      message: expect.stringMatching(/got HTTP status 401: GatedRepo; .*set HF_TOKEN/),
    });
    server.asked.length = 0;
    await pull(server, 'some/net', {}, { HF_TOKEN: 'secret' });
    expect(new Set(asked(server, 'hub').map(({ authorization }) => authorization))).toEqual(
      new Set(['Bearer secret']),
    );
    expect(asked(server, 'cdn').map(({ authorization }) => authorization)).toEqual([undefined]);
  });

  it('goes on where a connection was cut, several times', async () => {
    const server = await hub('some/net', files);
    server.faults.push(
      { kind: 'cut', after: 300 },
      { kind: 'status', status: 503 },
      { kind: 'cut', after: 200 },
    );
    await pull(server);
    const ranges = asked(server, 'cdn').map(({ range }) => range);
    expect(ranges).toEqual([undefined, 'bytes=300-', 'bytes=300-', 'bytes=500-']);
  });

  it('goes on in a later run', async () => {
    const server = await hub('some/net', files);
    server.faults.push({ kind: 'cut', after: 300 });
    await expect(pull(server, 'some/net', { retries: 0 })).rejects.toMatchObject({ code: 'download-failed' });
    const part = join(home, 'models', 'some', 'net', server.commit, 'onnx', 'model.onnx.part');
    expect(await readFile(part)).toHaveLength(300);
    const seen: Progress[] = [];
    await pull(server, 'some/net', { onProgress: (progress) => seen.push(progress) });
    expect(asked(server, 'cdn').map(({ range }) => range)).toEqual([undefined, 'bytes=300-']);
    expect(seen[0]).toMatchObject({ startedWith: 300, total: model.length });
    expect(existsSync(part)).toBe(false);
  });

  it('starts anew where the server ignores ranges', async () => {
    const server = await hub('some/net', files);
    server.faults.push({ kind: 'cut', after: 300 }, { kind: 'ignores-range' });
    await pull(server);
    expect(asked(server, 'cdn')).toHaveLength(2);
  });

  it('gives up on a server that stalls, and tries again', async () => {
    const server = await hub('some/net', files);
    server.faults.push({ kind: 'stall', after: 400 });
    await pull(server, 'some/net', { stallTimeoutMs: 100 });
    expect(asked(server, 'cdn').map(({ range }) => range)).toEqual([undefined, 'bytes=400-']);
  });

  it('refuses bytes that are not those of the hub, and leaves nothing of them', async () => {
    const server = await hub('some/net', files);
    server.faults.push({ kind: 'other-bytes' });
    const sha256 = createHash('sha256').update(model).digest('hex');
    await expect(pull(server)).rejects.toMatchObject({
      code: 'checksum-mismatch',
      message: expect.stringContaining(`expected SHA-256 ${sha256}, got`),
    });
    const kept = join(home, 'models', 'some', 'net', server.commit, 'onnx');
    expect([existsSync(join(kept, 'model.onnx')), existsSync(join(kept, 'model.onnx.part'))]).toEqual([
      false,
      false,
    ]);
    expect(existsSync(join(home, 'models', 'some--net.onnx'))).toBe(false);
  });

  it("holds small files against git's checksum", async () => {
    const server = await hub('some/net', files, { largeFrom: 1e9 });
    const { model: first } = await pull(server);
    expect(first.dimension).toBe(6);
    const kept = join(home, 'models', 'some', 'net', server.commit, 'preprocessor_config.json');
    // What somebody changed is brought again.
    await writeFile(kept, '{}');
    await pull(server);
    expect(Buffer.compare(await readFile(kept), config)).toBe(0);
  });

  it('needs no network for what is here, and says so of what is not', async () => {
    const server = await hub('some/net', files);
    const offline = { HF_HUB_OFFLINE: '1' };
    await expect(pull(server, 'some/net', {}, offline)).rejects.toMatchObject({
      code: 'download-failed',
      message: expect.stringMatching(/HF_HUB_OFFLINE is set, got none; unset HF_HUB_OFFLINE/),
    });
    expect(server.asked).toEqual([]);
    const { model: first } = await pull(server);
    server.asked.length = 0;
    expect((await pull(server, 'some/net', {}, offline)).model.id).toBe(first.id);
    expect(server.asked).toEqual([]);
    // The same where the network is gone and nobody has said so.
    server.stop();
    expect((await pull(server, 'some/net', { retries: 0 })).model.id).toBe(first.id);
  });

  it.each([
    [403, 1, /HTTP status 403; check the name/],
    [429, 5, /HTTP status 429; the hub asks for patience/],
    [500, 5, /HTTP status 500; the server is out of order/],
  ])('tells what to do about status %i, after %i requests', async (status, requests, message) => {
    const server = await hub('some/net', files);
    server.statuses.push(...new Array(20).fill(status));
    await expect(pull(server, 'some/net:onnx/model.onnx')).rejects.toMatchObject({
      code: 'download-failed',
      message: expect.stringMatching(message),
    });
    expect(server.asked).toHaveLength(requests);
  });

  it('tells which files were looked for, and of revisions that do not exist', async () => {
    const server = await hub('some/net', { 'README.md': Buffer.from('nothing') });
    await expect(pull(server)).rejects.toMatchObject({
      message: expect.stringMatching(
        /a file onnx\/vision_model.onnx or onnx\/model.onnx or model.onnx, got none/,
      ),
    });
    await expect(pull(server, 'some/net', { revision: 'v9' })).rejects.toMatchObject({
      message: expect.stringMatching(/404: RevisionNotFound; check the names/),
    });
  });

  it.each(['dinov9', 'a/b/c', '../up', 'some/..', 'some/net:../../x.onnx', 'some/net:'])(
    'refuses the name %s',
    async (name) => {
      await expect(pull({ endpoint: 'http://127.0.0.1:1' }, name)).rejects.toMatchObject({
        code: 'wrong-usage',
      });
    },
  );

  it('stops when it is told to, and keeps what came', async () => {
    const server = await hub('some/net', files);
    server.faults.push({ kind: 'stall', after: 500 });
    const stop = new AbortController();
    const pulling = pull(server, 'some/net', {
      signal: stop.signal,
      onProgress: () => stop.abort(new Error('Ctrl-C')),
    });
    await expect(pulling).rejects.toThrow('Ctrl-C');
    const part = join(home, 'models', 'some', 'net', server.commit, 'onnx', 'model.onnx.part');
    expect(await readFile(part)).toHaveLength(500);
  });
});
