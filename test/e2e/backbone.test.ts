import { execFileSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { Embedder } from '../../src/embedding/embedder.js';
import { largestDifference, runBare, unit } from '../fixtures/bare-backbone.js';
import { convolutional } from '../fixtures/foreign-model.js';
import { HubServer } from '../fixtures/hub-server.js';
import { CommandLine, errorLine } from './command-line.js';
import { writeClassFolders } from './write-class-folders.js';

const cli = new CommandLine();
const script = fileURLToPath(new URL('plain-onnxruntime.mjs', import.meta.url));
const model = convolutional().bytes();
const flags = ['--mean', '.5,.4,.3', '--std', '.2,.3,.4', '--resize', 'stretch', '--filter', 'bicubic'];
const wants = { height: 12, width: 12, rescale: 1 / 255, mean: [0.5, 0.4, 0.3], std: [0.2, 0.3, 0.4] };

beforeAll(async () => {
  await writeClassFolders(cli.path('fruit'), 6);
  await writeFile(cli.path('net.onnx'), model);
}, 60_000);

describe('a model from elsewhere', () => {
  it('is wrapped into a file that any ONNX Runtime takes, with the vectors of the bare model', async () => {
    const wrapped = await cli.json('models', 'wrap', 'net.onnx', '-o', 'wrapped.onnx', ...flags);
    expect(wrapped).toMatchObject({
      model: 'wrapped.onnx',
      dimension: 6,
      inputSize: { width: 12, height: 12 },
      resize: 'scale each axis by itself (bicubic)',
      recipe: { name: 'backbone', source: 'net.onnx', output: 'features', pooling: 'pooled' },
    });
    const pixels = new Uint8Array(5 * 432).map((_, i) => (i * 37 + (i >> 4)) % 256);
    await writeFile(cli.path('pixels.bin'), pixels);
    const args = [script, cli.path('wrapped.onnx'), cli.path('pixels.bin'), '5', '12', '12'];
    const elsewhere = new Float32Array(Uint8Array.from(execFileSync(process.execPath, args)).buffer);
    const { features } = await runBare(model, pixels, wants);
    expect(largestDifference(elsewhere, unit(features!.values, 6))).toBeLessThan(1e-5);
    const embedder = await Embedder.open(cli.path('wrapped.onnx'));
    expect(embedder.model.id).toBe(wrapped.modelId);
    await embedder.release();
  });

  it('says of itself where it is from, and nothing of a training', async () => {
    await cli.json('models', 'wrap', 'net.onnx', '-o', 'wrapped.onnx', ...flags);
    expect(await cli.json('models', 'info', 'wrapped.onnx')).toMatchObject({
      seed: null,
      data: null,
      loss: null,
      lossByEpoch: [],
      validation: null,
    });
    const { stdout } = await cli.run('models', 'info', 'wrapped.onnx');
    expect(stdout).toMatch(/made of +net\.onnx, trained elsewhere/);
    expect(stdout).not.toMatch(/null|undefined|loss|trained on/);
  });

  it('is evaluated, compared and searched with as it is, by flags or as a file', async () => {
    await cli.json('models', 'wrap', 'net.onnx', '-o', 'wrapped.onnx', ...flags);
    const wrapped = await cli.json('eval', 'wrapped.onnx', 'fruit:all');
    const bare = await cli.json('eval', 'net.onnx', 'fruit:all', ...flags, '--report', 'report');
    expect(bare).toMatchObject({ modelId: wrapped.modelId, precisionAt1: wrapped.precisionAt1, loss: null });
    expect(await readFile(cli.path('report', 'index.html'), 'utf8')).not.toMatch(
      />[^<]*(null|undefined)[^<]*</,
    );
    const { code, stdout } = await cli.run('eval', 'net.onnx', 'fruit:all', ...flags);
    expect([code, stdout]).toEqual([0, expect.not.stringMatching(/null|undefined|NaN/)]);
    const compared = await cli.json('eval', 'net.onnx', 'fruit:all', '--compare', 'wrapped.onnx', ...flags);
    expect(compared.comparison.modelId).toBe(wrapped.modelId);
    const query = (await cli.files()).find((path) => path.startsWith('fruit/'))!;
    const found = await cli.json('search', 'fruit', query, '-m', 'net.onnx', ...flags);
    expect(found).toMatchObject({ modelId: wrapped.modelId });
    expect(found.results[0].hits[0].score).toBeCloseTo(1, 4);
  });

  it('is not written over by its calibration', async () => {
    const { code, stderr } = await cli.run('calibrate', 'net.onnx', 'fruit:all', ...flags);
    expect(code).toBe(2);
    expect(stderr).toMatch(errorLine);
    expect(stderr).toMatch(/net\.onnx: .*name one with -o/);
    expect(Buffer.compare(await readFile(cli.path('net.onnx')), model)).toBe(0);
  });

  it.each([
    [['models', 'wrap', 'net.onnx', '-o', 'w.onnx'], /no --mean, --std/],
    [['eval', 'net.onnx', 'fruit', '--mean', '1,2'], /--mean: expected three numbers/],
    [['eval', 'net.onnx', 'fruit', '--mean', '0', '--std', '0'], /--std: expected three numbers above 0/],
    [['eval', 'net.onnx', 'fruit', '--rescale', '1/0'], /--rescale: expected a number above 0/],
    [['eval', 'net.onnx', 'fruit', '--input-size', '0'], /--input-size: expected pixels from 1 to 4096/],
    [
      ['models', 'wrap', 'net.onnx', '-o', 'w.onnx', ...flags, '--shorter-side', '20'],
      /--resize cover beside it/,
    ],
    [['models', 'pull', 'no such model'], /the name of a known model, owner\/name/],
  ])('says what is wrong with %j', async (args, message) => {
    const { code, stderr } = await cli.run(...args);
    expect(code).toBe(2);
    expect(stderr).toMatch(errorLine);
    expect(stderr).toMatch(message);
  });
});

describe('models that are known by name', () => {
  it('are listed, with what one needs to choose', async () => {
    const { models } = await cli.json('models', 'list');
    expect(models.length).toBeGreaterThan(5);
    for (const each of models)
      expect(each).toEqual({
        name: expect.stringMatching(/^[a-z0-9-]+$/),
        title: expect.any(String),
        license: expect.any(String),
        bytes: expect.any(Number),
        dimension: expect.any(Number),
        inputSize: { width: expect.any(Number), height: expect.any(Number) },
        resize: expect.any(String),
        repository: expect.stringMatching(/^[\w-]+\/[\w.-]+$/),
        file: expect.stringMatching(/\.onnx$/),
        model: null,
      });
    const { stdout } = await cli.run('models', 'list');
    expect(stdout.split('\n')).toHaveLength(models.length + 2);
  });

  it('are pulled from a hub, and named from then on', async () => {
    // What comes by this name from elsewhere is another network, which the file beside it describes.
    const config = Buffer.from(
      JSON.stringify({ size: { height: 12, width: 12 }, image_mean: [0, 0, 0], image_std: [1, 1, 1] }),
    );
    const server = await new HubServer('some/net', {
      'onnx/model.onnx': model,
      'preprocessor_config.json': config,
    }).start();
    onTestFinished(() => server.stop());
    const online = new CommandLine({ IMAGEKIN_HOME: cli.path('home'), HF_ENDPOINT: server.endpoint });
    const pulled = await online.json('models', 'pull', 'some/net');
    expect(pulled).toMatchObject({
      name: 'some--net',
      model: cli.path('home', 'models', 'some--net.onnx'),
      repository: 'some/net',
      file: 'onnx/model.onnx',
      revision: 'main',
      commit: server.commit,
      dimension: 6,
    });
    server.stop();
    const offline = new CommandLine({
      IMAGEKIN_HOME: cli.path('home'),
      HF_ENDPOINT: server.endpoint,
      HF_HUB_OFFLINE: '1',
    });
    expect((await offline.json('models', 'pull', 'some/net')).modelId).toBe(pulled.modelId);
    expect((await cli.json('eval', 'some/net', 'fruit:all')).modelId).toBe(pulled.modelId);
    const { code, stderr } = await offline.run('models', 'pull', 'dinov2-small');
    expect([code, stderr]).toEqual([1, expect.stringMatching(errorLine)]);
  });
});
