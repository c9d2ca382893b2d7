import { execFileSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { packageVersion } from '../../src/core/package-version.js';
import { Random } from '../../src/core/random.js';
import { Embedder } from '../../src/embedding/embedder.js';
import { decodeOnnx } from '../../src/engine/index.js';
import { CommandLine } from './command-line.js';
import { classNames, writeClassFolders } from './write-class-folders.js';

const cli = new CommandLine();
const script = fileURLToPath(new URL('plain-onnxruntime.mjs', import.meta.url));

beforeAll(async () => {
  await writeClassFolders(cli.path('fruit'), 5);
  for (const recipe of ['keras-example', 'emoji'])
    await cli.json(
      'train',
      'fruit',
      '-o',
      `${recipe}.onnx`,
      '--recipe',
      recipe,
      '--epochs',
      '1',
      '--batches',
      '2',
    );
}, 120_000);

describe.each(['keras-example', 'emoji'])('a model file of recipe %s', (recipe) => {
  const model = cli.path(`${recipe}.onnx`);

  it('gives the same unit vectors in plain ONNX Runtime, for any number of images', async () => {
    const embedder = await Embedder.open(model);
    const { inputSize, dimension } = embedder;
    const random = Random.of(0, recipe);
    for (const count of [1, 3, 20]) {
      const pixels = new Uint8Array(count * inputSize.height * inputSize.width * 3).map(() =>
        random.integer(256),
      );
      await writeFile(cli.path('pixels.bin'), pixels);
      const args = [script, model, cli.path('pixels.bin'), count, inputSize.height, inputSize.width].map(
        String,
      );
      const bytes = Uint8Array.from(execFileSync(process.execPath, args));
      const elsewhere = new Float32Array(bytes.buffer);
      const ours = await embedder.embed(pixels);
      expect(elsewhere).toHaveLength(count * dimension);
      expect(largestDifference(ours, elsewhere)).toBeLessThanOrEqual(1e-5);
      for (let i = 0; i < count; i++) {
        const vector = elsewhere.subarray(i * dimension, (i + 1) * dimension);
        expect(Math.hypot(...vector)).toBeCloseTo(1, 5);
      }
    }
    await embedder.release();
  });

  it('uses operations of standard ONNX alone', async () => {
    const { opsetImport, graph } = decodeOnnx(await readFile(model));
    expect(opsetImport.map(({ domain }) => domain)).toEqual(['']);
    expect(new Set(graph.node.map(({ domain }) => domain || ''))).toEqual(new Set(['']));
  });

  it('takes `images` and gives `embeddings`, and carries what made it', async () => {
    const { graph, metadataProps, producerName, producerVersion } = decodeOnnx(await readFile(model));
    expect(graph.input.map(({ name }) => name)).toEqual(['images']);
    expect(graph.output.map(({ name }) => name)).toEqual(['embeddings']);
    expect([producerName, producerVersion]).toEqual(['imagekin', packageVersion]);
    const metadata = Object.fromEntries(metadataProps.map(({ key, value }) => [key, value]));
    expect(JSON.parse(metadata['imagekin.recipe']!)).toMatchObject({ name: recipe, epochs: 1 });
    expect(JSON.parse(metadata['imagekin.seed']!)).toBe(0);
    expect(JSON.parse(metadata['imagekin.data']!)).toMatchObject({
      name: 'fruit:train',
      classes: classNames,
    });
    expect(JSON.parse(metadata['imagekin.training']!).lossByEpoch).toHaveLength(1);
    expect(metadata['imagekin.resize']).toBeDefined();
  });
});

function largestDifference(a: Float32Array, b: Float32Array): number {
  return a.reduce((largest, value, i) => Math.max(largest, Math.abs(value - b[i]!)), 0);
}
